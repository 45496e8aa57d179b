"""How long a learner waits for a verdict while many accounts submit slow answers."""
