"""`/_mockidp`: what only a mock has.

Its health and its certificate stand here; the calls that steer it are `operations`, which are
imported when one is called first: most mocks start, serve and are never steered.
"""

from mockidp.web.control import certificate, health

ROUTES = (health.ROUTE, certificate.ROUTE)
