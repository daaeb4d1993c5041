"""Where the project lies on disk."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "lessons"
"""The courses that are shipped."""
