"""The front that stands before the application."""
