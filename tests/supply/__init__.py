"""What Dayletter is made of: packages that others wrote, under which licences, and with which known holes."""
