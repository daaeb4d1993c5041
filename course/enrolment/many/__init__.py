"""Many learners at once: in from a file, out to one, on to another edition. May import the rest of enrolment."""
