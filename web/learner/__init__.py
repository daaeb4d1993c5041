"""The learner's pages: addresses and deeds. May import site and what is below."""
