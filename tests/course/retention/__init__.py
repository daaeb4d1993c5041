"""What comes next, and when."""
