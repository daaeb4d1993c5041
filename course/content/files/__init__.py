"""A course's files as they are named, and as they begin: their names and their front matter."""
