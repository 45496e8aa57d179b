"""The table of a class: its learners, and how each stands with every exercise."""
