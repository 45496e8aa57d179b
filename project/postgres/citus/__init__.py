"""Spreading the tables over the nodes of a Citus cluster, by the learner. docs/scaling.md describes what was tested."""
