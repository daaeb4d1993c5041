"""Mail over SendGrid's API, and its events. May import the contract and compose."""
