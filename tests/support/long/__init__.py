"""Runs that are short in `make test` and long by a target of their own."""
