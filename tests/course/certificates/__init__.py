"""Certificates and badges."""
