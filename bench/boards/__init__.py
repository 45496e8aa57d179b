"""The time for a page of a leaderboard and for a rank, as the table grows."""
