"""Origins, and the rules by which URLs are compared."""
