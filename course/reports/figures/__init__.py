"""What an author sees of a course, figure by figure, for a choice of its learners. May import what reports may."""
