"""How long what is kept is kept, and what goes after that."""
