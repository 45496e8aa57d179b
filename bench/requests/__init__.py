"""Requests per second beside peers that do the same in the same run: `script/bench requests`."""
