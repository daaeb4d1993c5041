"""Texts to typed values."""
