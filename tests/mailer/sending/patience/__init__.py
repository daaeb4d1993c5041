"""How long a mail is tried, and whose turn it is."""
