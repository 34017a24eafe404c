"""What a response consists of."""
