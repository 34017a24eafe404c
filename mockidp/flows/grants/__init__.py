"""The grant types of /oauth/token, one per module."""
