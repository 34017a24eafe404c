"""A client for people who have no app yet."""
