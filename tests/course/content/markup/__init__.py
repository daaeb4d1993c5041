"""How Markdown is read: beside an oracle, and by tables of cases."""
