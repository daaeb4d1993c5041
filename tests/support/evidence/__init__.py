"""Made-up sessions of people and of machines, with who did what: drawn from their kinds, read, and compared."""
