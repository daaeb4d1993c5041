"""Words and catalogues."""
