"""The content of a tenant file: records, settings, and what a tenant has without one."""
