"""Tests of `course/media/`."""
