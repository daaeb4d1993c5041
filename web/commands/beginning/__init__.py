"""How a course begins."""
