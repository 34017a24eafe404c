"""Sections of a tenant file that mockidp stores, and on most of which it does not act."""
