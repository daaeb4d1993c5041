"""What opens and clicks are worth."""
