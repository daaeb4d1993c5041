"""Who writes at the same moment, and what they do to each other."""
