"""How much mail strangers may cause."""
