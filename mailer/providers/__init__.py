"""How mail leaves: one contract, and one room for each provider. May import compose."""
