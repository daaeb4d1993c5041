"""The `dayletter` command, as a person types it."""
