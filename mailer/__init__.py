"""What is sent: composing, planning, delivering, evidence. May import course, never web."""
