"""The languages of answers."""
