"""Where the hostile tests take place: a house with people in it, and every route into it."""
