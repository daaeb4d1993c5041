"""Mail over SMTP. May import the contract and compose."""
