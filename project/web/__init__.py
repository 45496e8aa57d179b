"""What every request passes: who calls, errors, responses, caching, limits, repeats."""
