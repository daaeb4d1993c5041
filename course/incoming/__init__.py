"""Texts from elsewhere (Word, Google Docs, Notion, web pages) as our Markdown, with what could not be kept."""
