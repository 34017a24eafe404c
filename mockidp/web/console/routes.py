"""The routes of mockidp's own pages."""

from mockidp.web.console import start

ROUTES = (start.ROUTE,)
