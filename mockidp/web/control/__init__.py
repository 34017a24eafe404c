"""`/_mockidp`: what only a mock has."""

from mockidp.web.control import certificate, explain, health, impersonation_links, tokens

ROUTES = (
    health.ROUTE,
    certificate.ROUTE,
    tokens.ROUTE,
    impersonation_links.ROUTE,
    explain.ROUTE,
)
