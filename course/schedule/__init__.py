"""What comes next for a learner, and when. May import publishing; its core takes plain values."""
