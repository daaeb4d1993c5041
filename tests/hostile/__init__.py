"""What somebody tries who means harm; little of it in `make test`, all of it in `make hostile`."""
