"""Accounts of database connections: sign-up, passwords, and confirmed addresses."""
