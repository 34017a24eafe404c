"""`/authorize`: read the request, begin a login, and make the response."""
