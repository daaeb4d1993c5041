"""What belongs to no learner."""
