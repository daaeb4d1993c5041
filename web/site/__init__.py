"""What belongs to no learner: certificates, media, pixels, hooks, the inbox, health. May import what all share."""
