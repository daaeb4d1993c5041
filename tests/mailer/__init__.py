"""What is sent, tested: mirrors `mailer/`."""
