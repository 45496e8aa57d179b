"""Spreading the tables over the nodes of a Citus cluster, by the learner. docs/scaling.md says what was tried of it."""
