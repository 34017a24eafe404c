"""`/_mockidp`: what only a mock has."""

from mockidp.web.control import health

ROUTES = (health.ROUTE,)
