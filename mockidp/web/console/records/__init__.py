"""The pages of the records of each type of resource, and their forms."""
