"""How fast it is, beside what the wire and other programs reach. `python -m benchmarks --help`."""
