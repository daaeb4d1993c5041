"""What is true, tested: mirrors `course/`."""
