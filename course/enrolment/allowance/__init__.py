"""How much mail strangers may cause, and how fast: to one mailbox, to one domain, in all."""
