"""Tickets: links with which a user changes the password or verifies an e-mail address."""
