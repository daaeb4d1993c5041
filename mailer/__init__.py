"""What is sent: composing, planning, delivering, evidence."""
