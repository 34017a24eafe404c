"""Clients of a mock: interception of requests in the process, and `RemoteIdP`."""
