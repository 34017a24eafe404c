"""`RemoteIdP`: the test methods for a mock that runs elsewhere, over its control API."""
