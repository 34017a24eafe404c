"""The shop's own suite is run by test_planted_bugs.py, and by nobody else."""

collect_ignore = ["suite"]
