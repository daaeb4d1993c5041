"""What is in service, and edits in mid-course."""
