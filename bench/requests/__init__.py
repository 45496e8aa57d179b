"""How many requests a second, beside peers that do the same in the same minutes: `script/bench requests`."""
