"""Requests of commands to a running mock."""
