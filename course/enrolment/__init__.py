"""Joining a course, steering it, leaving it, many at once. May import the schedule and what is below."""
