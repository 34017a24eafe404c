"""The steps that every request takes."""
