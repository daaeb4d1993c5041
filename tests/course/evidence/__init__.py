"""Who asked: requests reduced, rules, verdicts, and how good they are at what was made up."""
