"""The rules of a course, and courses that break them."""
