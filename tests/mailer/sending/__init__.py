"""Plan, claim, deliver, record, sweep."""
