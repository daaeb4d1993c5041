"""Real servers on loopback, each with the bad days that its kind has."""
