"""Stores on a Redis or Valkey server, which several processes share. Needs the extra `redis`."""
