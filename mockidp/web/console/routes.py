"""The routes of mockidp's own pages."""

from mockidp.web.console import start, try_page

ROUTES = (start.ROUTE, *try_page.ROUTES)
