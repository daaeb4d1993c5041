"""A course as typed values, read from plain text. Imports languages and errors, and nothing that does I/O."""
