"""Chromium, the pages it visits, and pictures of them."""
