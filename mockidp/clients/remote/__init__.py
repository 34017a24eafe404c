"""The verbs of a test for a mock that runs elsewhere, by calls of its control API."""
