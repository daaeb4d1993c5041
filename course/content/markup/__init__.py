"""Markdown, from an author's text to its blocks and to safe HTML. It knows nothing of courses."""
