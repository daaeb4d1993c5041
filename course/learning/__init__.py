"""What a learner does with a lesson: ticks, notes, opinions, completion. May import enrolment."""
