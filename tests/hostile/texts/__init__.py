"""Texts that somebody wrote to do harm: by what they become, and by how long they take to read."""
