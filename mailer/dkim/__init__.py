"""Signatures of mails (RFC 6376): made, and checked. Pure. May import the ground of mailer."""
