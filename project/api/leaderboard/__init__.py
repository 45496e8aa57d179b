"""Who solved most, and who got there first."""
