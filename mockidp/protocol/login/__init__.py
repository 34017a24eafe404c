"""What logins need apart from passwords and second factors."""
