"""Single sign-on sessions: how they start and end, and who is notified of their end."""
