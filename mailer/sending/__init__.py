"""Plan, claim, deliver, record, sweep: rows to letters and answers to rows. May import the runtime."""
