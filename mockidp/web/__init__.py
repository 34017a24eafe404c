"""The tenant over HTTP: the only layer that uses Werkzeug."""
