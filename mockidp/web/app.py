"""The WSGI app: a pipeline for Auth0's endpoints and one for the control API, behind a router."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from mockidp.tenant.tenant import Tenant
from mockidp.web import control, endpoints, hosted
from mockidp.web.pipeline.pipeline import Pipeline
from mockidp.web.routing.route_module import RouteModule
from mockidp.web.tenants.router import TenantRouter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

METRICS = RouteModule("mockidp.web.control.metrics", ("/_mockidp/metrics",))


def create_app(tenant: Tenant, *, ca_pem: str = "", control_token: str = "") -> TenantRouter:
    """Return the WSGI app that serves a tenant.

    Args:
        tenant: The first tenant; others can be added at run time.
        ca_pem: The answer of `/_mockidp/ca.pem`.
        control_token: The bearer token that control API calls must send; empty for none.
    """
    return TenantRouter(
        endpoint_pipeline(),
        {
            "/_mockidp": _control_app,
            "/api/v2/": _management_app,
            "/me/": _my_account_app,
            "/scim/": _scim_app,
        },
        tenant,
        ca_pem=ca_pem,
        control_token=control_token,
    )


@cache
def endpoint_pipeline() -> Pipeline:
    """Return the pipeline of Auth0's endpoints and the hosted pages, for all tenants."""
    modules = (*endpoints.MODULES, *hosted.MODULES)
    return Pipeline(control.ROUTES, modules=modules, notices_all=False)


@cache
def control_pipeline() -> Pipeline:
    """Return the pipeline of the control API and the console, for all tenants."""
    # Most mocks are never controlled: these imports would slow down each start.
    from mockidp.web.console import routes as console  # noqa: PLC0415 - see above
    from mockidp.web.control import operations  # noqa: PLC0415 - see above

    return Pipeline(operations.ROUTES, modules=(*console.MODULES, METRICS))


@cache
def management_pipeline() -> Pipeline:
    """Return the pipeline of the Management API, for all tenants."""
    # As above: few mocks are called here.
    from mockidp.web.apis import management  # noqa: PLC0415 - see above

    return Pipeline(
        management.ROUTES, is_raw=True, unmatched=lambda *_request: management.UNMATCHED
    )


@cache
def my_account_pipeline() -> Pipeline:
    """Return the pipeline of the My Account API, for all tenants."""
    from mockidp.web.apis import my_account  # noqa: PLC0415 - as above

    return Pipeline(
        my_account.ROUTES, is_raw=True, unmatched=lambda *_request: my_account.UNMATCHED
    )


@cache
def scim_pipeline() -> Pipeline:
    """Return the pipeline of the SCIM endpoints of connections, for all tenants."""
    from mockidp.web.apis import scim  # noqa: PLC0415 - as above

    return Pipeline(scim.ROUTES, is_raw=True, unmatched=lambda *_request: scim.UNMATCHED)


def _scim_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return scim_pipeline()(environ, start_response)


def _management_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return management_pipeline()(environ, start_response)


def _my_account_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return my_account_pipeline()(environ, start_response)


def _control_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return control_pipeline()(environ, start_response)
