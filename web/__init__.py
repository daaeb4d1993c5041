"""What is seen: pages, hooks and the `dayletter` command. May import mailer and course."""
