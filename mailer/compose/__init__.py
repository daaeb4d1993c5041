"""From published texts to ready bytes. May import the signer and `course`; sends nothing."""
