"""How the service uses PostgreSQL: the order of locks, and what migrations of a database in use need."""
