"""What is told to whom it does not concern: by a word, or by how long an answer takes."""
