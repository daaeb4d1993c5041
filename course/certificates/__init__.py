"""What a certificate and a badge state, and how they are signed. Imports the ground only."""
