"""What DNS says of a sender, asked of a real name server."""
