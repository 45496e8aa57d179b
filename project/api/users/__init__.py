"""Users, for a service without a users-service."""
