"""An application that tells what it was asked, and clients that are slow, or odd, on purpose."""
