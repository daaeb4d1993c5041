"""What a learner does with a lesson."""
