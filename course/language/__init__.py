"""The fixed words of pages and mails, in five languages. Imports the ground only."""
