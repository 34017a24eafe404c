"""The Management API over HTTP. `mockidp.management` has the operations."""

from __future__ import annotations

import re

from mockidp.management.access import MANAGEMENT
from mockidp.management.operations import OPERATIONS
from mockidp.management.refusals import insufficient_scope, not_found
from mockidp.protocol.management.scopes import SCOPES
from mockidp.web.apis import export_file
from mockidp.web.apis.operation_handler import OperationHandler, caller_of
from mockidp.web.pages.pages import Pages
from mockidp.web.request.exchange import Exchange
from mockidp.web.response.reply import Reply
from mockidp.web.routing.route import Route

ENDPOINT = "management"
PREFIX = "/api/v2"
MAX_BODY = 1024 * 1024
"""Bytes (D)."""
_RATE_LIMIT = 100
_NOT_BUILT = tuple(
    (re.compile(form), noun)
    for form, noun in (
        (r"connections/[^/]+/directory-provisioning(/.*)?", "directory_provisionings"),
        (r"connections/[^/]+/keys(/.*)?", "connections_keys"),
        (r"event-streams/[^/]+/(deliveries|redeliver)(/.*)?", "event_deliveries"),
        (r"flows/[^/]+/executions(/.*)?", "flows_executions"),
        (r"keys/custom-signing", "custom_signing_keys"),
        (r"keys/encryption(/.*)?", "encryption_keys"),
        (r"organizations/[^/]+/members/[^/]+/effective-roles(/.*)?",
         "organization_member_effective_roles"),
        (r"self-service-profiles/[^/]+/sso-ticket/.*", "sso_access_tickets"),
        (r"users/[^/]+/effective-permissions(/.*)?", "user_effective_permissions"),
        (r"users/[^/]+/effective-roles(/.*)?", "user_effective_roles"),
        (r"verifiable-credentials/.*", "vdcs_templates"),
    )
)  # fmt: skip
"""The calls whose scope has another noun than the first segment of their path."""
_VERBS = {"GET": "read", "HEAD": "read", "POST": "create", "DELETE": "delete"}


def _scope_of(method: str, path: str) -> str | None:
    """Return a scope of a call that mockidp does not have; None if Auth0 has no such call."""
    found = next((noun for form, noun in _NOT_BUILT if form.fullmatch(path)), None)
    noun = found or path.partition("/")[0].replace("-", "_")
    verbs = (_VERBS.get(method, "update"), *(("update",) if found else ()))
    return next((one for verb in verbs if (one := f"{verb}:{noun}") in SCOPES), None)


def _unmatched(exchange: Exchange, _pages: Pages) -> Reply:
    """Refuse calls that mockidp does not have: 403 if a scope for them exists, otherwise 404.

    Auth0's tools skip a resource for which they have no scope, and repeat a call that fails.
    """
    method, path = exchange.method, exchange.path
    scope = _scope_of(method, path.removeprefix(f"{PREFIX}/"))
    caller_of(exchange, MANAGEMENT)
    with exchange.tenant.trace.check("operation", method=method, path=path):
        if scope is None:
            raise not_found("Not Found", hint=f"The Management API has no call {method} {path}.")
        raise insufficient_scope(
            [scope], hint=f"The Management API of mockidp does not have {method} {path} yet."
        )


UNMATCHED = Route(
    endpoint=ENDPOINT,
    path="",
    methods=(),
    handler=_unmatched,
    refusals="management",
    max_body=MAX_BODY,
)
"""Calls without an operation."""
ROUTES = (
    *(
        Route(
            endpoint=ENDPOINT,
            refusals="management",
            path=PREFIX + one.path,
            methods=(one.method,),
            handler=OperationHandler(MANAGEMENT, PREFIX, one),
            max_body=MAX_BODY,
            rate_limit=_RATE_LIMIT,
        )
        for one in OPERATIONS
    ),
    Route(
        endpoint=ENDPOINT,
        refusals="management",
        path=PREFIX + export_file.PATH,
        methods=("GET",),
        handler=export_file.send_file,
    ),
)
