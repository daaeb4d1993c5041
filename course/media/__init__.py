"""Films, sounds, pictures and documents of a course: what they are, by name and by bytes."""
