"""Finding the function that somebody means: the names that exist, and which come first."""
