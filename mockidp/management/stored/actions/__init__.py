"""Actions, their versions, modules and triggers. They are stored, and never run."""
