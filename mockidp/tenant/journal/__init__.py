"""The journal: the exchanges that a tenant remembers, with the reasons of each answer."""
