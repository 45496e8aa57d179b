"""How long an honest learner waits while many accounts send answers that sleep."""
