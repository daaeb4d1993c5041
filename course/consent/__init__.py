"""What people agreed to and took back, and who wishes to be left alone."""
