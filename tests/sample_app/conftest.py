"""Excludes the shop's own suite, which test_planted_bugs.py runs."""

collect_ignore = ["suite"]
