"""What operators do with the service, beside running it."""
