"""A whole Dayletter in this process or in several, and the people in it."""
