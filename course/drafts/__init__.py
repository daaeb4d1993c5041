"""The files of a course while they are being written: read, checked, changed whole. May import lint."""
