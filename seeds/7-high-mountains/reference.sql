SELECT name, metres FROM mountains WHERE metres > 4000 ORDER BY metres DESC;
