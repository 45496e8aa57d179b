"""How learners fare with exercises."""
