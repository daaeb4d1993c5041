"""A backup taken and put back: whole, from either kind of database into either, or not at all."""
