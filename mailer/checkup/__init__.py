"""What `dayletter doctor` looks at, beside the settings: every part that sending needs, in time limits."""
