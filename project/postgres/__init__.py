"""Access to PostgreSQL: engine, prepared statements, replica, embedded server, job queue, and helpers of migrations."""
