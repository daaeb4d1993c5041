"""The authors' workshop: write, check, preview, publish, and see how it goes. Imports what all pages share."""
