"""Mail that comes back: what it means, and what it does."""
