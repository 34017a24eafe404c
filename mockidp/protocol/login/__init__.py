"""What logins need besides passwords and second factors."""
