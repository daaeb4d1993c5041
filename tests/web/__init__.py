"""What is seen, tested: mirrors `web/`."""
