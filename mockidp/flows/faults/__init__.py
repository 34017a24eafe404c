"""What faults do to an answer: instead of it, to it, and to the tokens in it."""
