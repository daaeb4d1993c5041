"""What tests stand on: real servers, a whole Dayletter, authors and browsers."""
