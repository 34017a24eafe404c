"""The verbs of a test: what only a mock can do, for every face that offers them."""
