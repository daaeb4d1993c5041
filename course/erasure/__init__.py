"""A learner forgotten, and what goes after its time."""
