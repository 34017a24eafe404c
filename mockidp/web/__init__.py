"""The tenant over HTTP: the only floor that knows Flask."""
