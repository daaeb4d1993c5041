"""One contract for all providers, and the ways of each."""
