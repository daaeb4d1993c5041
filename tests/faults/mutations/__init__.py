"""One safeguard taken out at a time: the same harm must then show."""
