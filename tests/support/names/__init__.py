"""Names, and who answers for them."""
