"""The authors' workshop, as an author and an operator use it."""
