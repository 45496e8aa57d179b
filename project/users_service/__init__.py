"""The client of a users-service: finds the user of a token, in bounded time."""
