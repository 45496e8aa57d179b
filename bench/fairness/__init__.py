"""How long an honest learner waits while many accounts send slow answers."""
