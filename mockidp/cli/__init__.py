"""The command line: one module for each command, imported on first use."""
