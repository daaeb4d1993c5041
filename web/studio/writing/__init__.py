"""A draft on the desk: written, looked at, rehearsed, renamed. May import `access` and `state_words`."""
