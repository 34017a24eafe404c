"""`/tenant`: the tenant document, as in a tenant file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from mockidp.codec.mistakes import ConfigError, Mistake
from mockidp.codec.write import to_file
from mockidp.frozen import frozen, replace
from mockidp.protocol.merge_patch import merge_patch
from mockidp.tenant.config.leniency import LOADED, leniency_after
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.tenant import Tenant
from mockidp.web.control.operation import ControlCall, ControlOperation


def _get(call: ControlCall) -> Any:
    return to_file(call.tenant.document)


@frozen
class PutTenantQuery:
    """How strictly the body is validated."""

    lenient: Literal["true", "false"] = "false"
    """Whether unknown names and fields are noted instead of refused, as in an export."""


def _put(call: ControlCall) -> Any:
    leniency = LOADED if call.query.lenient == "true" else None
    document = structure_tenant(call.body, source="tenant", leniency=leniency)
    call.tenant.change(call.tenant.override(document))
    return _get(call)


def _patch(call: ControlCall) -> Any:
    patch_document(call.tenant, call.body)
    return _get(call)


def patch_document(tenant: Tenant, patch: Mapping[str, Any]) -> None:
    """Apply a JSON merge patch to the tenant document.

    Raises:
        ConfigError: The document would not be valid. Mistakes outside the patch have no `steps`.
    """
    with tenant.backend.exclusive():
        try:
            leniency = leniency_after(tenant.directory.configuration.notes)
            merged = merge_patch(to_file(tenant.document), patch)
            changed = structure_tenant(merged, source="tenant", leniency=leniency)
        except ConfigError as error:
            raise ConfigError(
                (_as_sent(one, patch) for one in error.mistakes), more=error.more
            ) from None
        tenant.change(changed)


def _as_sent(one: Mistake, patch: Any) -> Mistake:
    """Return an error without its location, unless the location is in the patch."""
    *outer, last = one.steps or ("",)
    try:
        for step in outer:
            patch = patch[step]
        is_there = bool(outer) or last in patch
    except (IndexError, KeyError, TypeError):
        is_there = False
    return one if is_there else replace(one, steps=None)


OPERATIONS = (
    ControlOperation(
        name="getTenant",
        method="GET",
        path="/tenant",
        summary="Get the tenant document.",
        handler=_get,
        answer=TenantDocument,
    ),
    ControlOperation(
        name="putTenant",
        method="PUT",
        path="/tenant",
        summary="Replace the tenant document, except for settings that the environment or a flag "
        "overrides. Sessions and tokens stay.",
        handler=_put,
        query=PutTenantQuery,
        body=TenantDocument,
        structured=False,
        answer=TenantDocument,
    ),
    ControlOperation(
        name="patchTenant",
        method="PATCH",
        path="/tenant",
        summary="Change part of the tenant document (RFC 7396). Lists are replaced.",
        handler=_patch,
        body=Mapping,
        answer=TenantDocument,
    ),
)
