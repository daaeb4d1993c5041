"""What is true: content, schedule, people and progress. Imports neither mailer nor web."""
