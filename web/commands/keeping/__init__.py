"""For operators: a backup, what becomes of it on another machine, the brake, and the purge."""
