"""Harm done on purpose: kills, lost replies, clocks that jump. `oracle` is the only witness."""
