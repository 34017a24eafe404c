"""The discovery document."""
