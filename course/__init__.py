"""What is true: content, schedule, people and progress. Knows nothing of mail or the web."""
