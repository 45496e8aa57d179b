SELECT user_id, count(*) FILTER (WHERE correct) AS solved FROM scores
GROUP BY user_id ORDER BY solved DESC, user_id LIMIT 50;
