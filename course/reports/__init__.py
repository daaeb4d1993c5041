"""What happened, for people who look: read-only queries. May import every other room of `course`."""
