SELECT user_id, solved FROM solved_counts ORDER BY solved DESC, user_id LIMIT 50;
