"""What loading and exporting scores by the million costs, beside psql: `script/bench bulk`."""
