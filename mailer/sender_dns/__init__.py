"""What the DNS of a sender's domain says, judged as mailbox providers judge it."""
