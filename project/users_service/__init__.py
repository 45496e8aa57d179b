"""The users-service of another site: who a token belongs to, in bounded time."""
