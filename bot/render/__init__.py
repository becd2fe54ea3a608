"""Data in, words and blocks out."""
