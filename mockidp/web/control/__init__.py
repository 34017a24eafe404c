"""`/_mockidp`: what only a mock has.

Each call is an `Operation`; the routes and the OpenAPI document are made from them.
"""

from mockidp.web.control import (
    certificate,
    clock,
    explain,
    faults,
    health,
    impersonation_links,
    journal,
    records,
    sign_ins,
    state,
    tenant,
    tenants,
    tokens,
)
from mockidp.web.control.openapi import make_route

OPERATIONS = (
    *records.OPERATIONS,
    *sign_ins.OPERATIONS,
    *tokens.OPERATIONS,
    *impersonation_links.OPERATIONS,
    *explain.OPERATIONS,
    *faults.OPERATIONS,
    *clock.OPERATIONS,
    *journal.OPERATIONS,
    *tenant.OPERATIONS,
    *state.OPERATIONS,
    *tenants.OPERATIONS,
)
ROUTES = (
    health.ROUTE,
    certificate.ROUTE,
    make_route(OPERATIONS),
    *(one.route for one in OPERATIONS),
)
