"""Opens and clicks of our own pixel and links: whose, and what they are worth."""
