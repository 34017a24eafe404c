"""`/_mockidp`: health, CA certificate and the control API.

`operations` is imported with the first call, because many mocks are never controlled.
"""

from mockidp.web.control import certificate, health

ROUTES = (health.ROUTE, certificate.ROUTE)
