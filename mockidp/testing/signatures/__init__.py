"""The typed signatures of test methods in Python."""
