"""Mails that nobody gets: samples, rehearsals, and the rules for mails. May import compose."""
