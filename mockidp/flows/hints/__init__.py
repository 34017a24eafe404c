"""What hints say about values that were refused: what was meant, and how to fix it."""
