"""Named sets of exercises, each with a leaderboard of its own."""
