"""What compiling and running native programs costs, beside the bare tools and bubblewrap: `script/bench languages`."""
