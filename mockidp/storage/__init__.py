"""Keyed stores of expiring values, and the transactions in which they change."""
