"""Addresses as people write them. May import the language, and nothing else of the course."""
