"""Mails that nobody gets."""
