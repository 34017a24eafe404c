"""Native to Web SSO: a native app exchanges its refresh token for a session of a browser."""
