"""Tests of how a text is set for its reader."""
