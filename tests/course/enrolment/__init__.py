"""Joining, steering, leaving."""
