"""Hostile people: what they try must cost them, not us, and nobody else."""
