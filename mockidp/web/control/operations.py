"""Every call of the control API: the routes and the OpenAPI document are made from these."""

from mockidp.web.control import (
    claims,
    clock,
    explain,
    faults,
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
    *claims.OPERATIONS,
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
    make_route(OPERATIONS),
    *(one.route for one in OPERATIONS),
)
