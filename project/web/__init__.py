"""What every request passes: authentication, permissions, errors, responses, caching, limits, idempotency."""
