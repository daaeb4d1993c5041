"""What stands before the application: only whole requests take its threads, and slow clients take none."""
