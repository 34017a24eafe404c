"""What logins left behind: sessions, refresh tokens, grants and device credentials."""
