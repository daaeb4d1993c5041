"""How a text is set for its reader: by the custom of its language, and for who gave no name. Pure."""
