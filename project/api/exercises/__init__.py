"""The catalogue of exercises."""
