"""Who works in the studio: signing in, and the log of deeds. Imports the ground only."""
