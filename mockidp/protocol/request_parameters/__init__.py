"""The parameters of each endpoint, one table for each."""
