"""`/authorize`: read the request, decide, and make the response."""
