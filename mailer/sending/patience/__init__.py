"""How long a mail is tried again, when it is given up, what is set aside. Imports nothing else of `sending`."""
