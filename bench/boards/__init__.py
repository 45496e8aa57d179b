"""What a leaderboard's page and one's own rank cost, as the table grows."""
