"""The fields of the records of all types, as keyword arguments."""
