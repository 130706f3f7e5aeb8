"""What a class gets: all that people wrote down, whom it means, and the marks that come of it."""
