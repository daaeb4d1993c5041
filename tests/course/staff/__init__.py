"""Who works here: how many links may be mailed."""
