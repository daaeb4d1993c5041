"""For operators: a backup, what becomes of it on another machine, and the brake."""
