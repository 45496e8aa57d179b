SELECT name
FROM mountains;
