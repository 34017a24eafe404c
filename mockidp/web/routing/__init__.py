"""From the path and the method of a request to its handler."""
