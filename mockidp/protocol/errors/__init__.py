"""Refusals: Auth0's messages, and mockidp's hints."""
