"""How pages look: colours, sizes, style sheets."""
