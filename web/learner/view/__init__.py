"""What the templates of a learner's pages are given: plain values in words. Imports no page."""
