def is_leap(year):
    """Return whether the year has 366 days."""
