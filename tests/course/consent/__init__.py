"""What people agreed to, and who is left alone."""
