"""Courses, and authors at work on them."""
