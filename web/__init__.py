"""What is seen: pages, hooks and the `dayletter` command."""
