"""From the landing page to a confirmed address."""
