"""All operations of the control API. Routes and the OpenAPI document are made from them."""

from mockidp.testing.signatures.tenant import METHODS
from mockidp.web.control import records, tenant, tenants
from mockidp.web.control.methods import operation_of
from mockidp.web.control.openapi import make_route

OPERATIONS = (
    *records.operations(),
    *(operation_of(method) for method in METHODS),
    *tenant.OPERATIONS,
    *tenants.OPERATIONS,
)
ROUTES = (
    make_route(OPERATIONS),
    *(one.route for one in OPERATIONS),
)
