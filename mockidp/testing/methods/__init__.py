"""The test methods, each declared once."""
