"""One person's request about one function in one channel, from the typed words to the card."""
