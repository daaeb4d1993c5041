"""From the landing page to a confirmed address. May import the learner's room and what is below."""
