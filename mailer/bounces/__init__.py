"""Mail that comes back: read, understood, recorded."""
