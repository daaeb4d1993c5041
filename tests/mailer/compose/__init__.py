"""From a text to ready bytes."""
