"""A stream of events: verdicts of the caller's submissions, and changes of the leaderboard."""
