"""What is in service: texts, editions and media as published, and their history. May import drafts."""
