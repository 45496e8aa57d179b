"""What all benchmarks are made of."""
