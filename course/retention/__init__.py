"""For how long what is kept is kept."""
