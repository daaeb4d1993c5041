"""What doctor looks at, with real servers, and its judges with plain values."""
