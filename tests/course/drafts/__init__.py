"""Files that are being written."""
