"""A whole Dayletter in one file, for another machine and either kind of database."""
