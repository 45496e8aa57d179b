"""How a learner is doing."""
