"""The cookies of Auth0's endpoints."""
