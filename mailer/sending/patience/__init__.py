"""How long a mail is tried again, and when it is given up. Pure; imports nothing else of the room."""
