"""Texts of hints: what was probably meant by a refused value, and how to fix it."""
