"""Texts from elsewhere, as they really come."""
