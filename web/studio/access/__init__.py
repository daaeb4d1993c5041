"""Who may pass: sessions, roles, sign-in. Imports nothing else of the studio."""
