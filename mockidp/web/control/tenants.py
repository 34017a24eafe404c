"""`/tenants`: tenants beside the first, made for a test or a worker and thrown away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockidp.protocol.keys import generate_private_key
from mockidp.protocol.origin import make_origin, origin_of, split_host
from mockidp.protocol.problem import Problem
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.tenant import Tenant
from mockidp.web.control.guard import DEEPEST_BODY
from mockidp.web.control.operation import Call, Operation
from mockidp.web.tenants import PREFIX, TENANTS_KEY, Disposable, Tenants

LONGEST_AGE = 86400


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTenant:
    """What to make; by default the first tenant's document under a name of its own."""

    name: str | None = None
    """Letters, digits and hyphens, as it is part of a host name; made up unless given."""
    tenant: Mapping[str, Any] | None = None
    """What would stand in a tenant file."""
    seed: int | None = None
    """Makes ids, codes and tokens repeatable."""
    own_keys: bool = False
    """Whether to make keys for it; the process's own are shared otherwise."""
    max_age: float = LONGEST_AGE
    """Seconds until it is deleted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantPlace:
    """A tenant that was made at run time, and where it is."""

    name: str
    url: str
    issuer: str
    host_url: str
    """The same tenant under a host name of its own."""
    ends_at: float
    """When it is deleted, in seconds since 1970 by the machine's clock."""


def _make(call: Call) -> Any:
    asked: NewTenant = call.body
    tenants = _tenants(call)
    name = asked.name or f"t{len(tenants.others) + 1}-{call.tenant.ids.tenant_name()}"
    document = (
        tenants.tenant.directory.document
        if asked.tenant is None
        else structure_tenant(asked.tenant, source="tenant")
    )
    keys = [generate_private_key(), generate_private_key()] if asked.own_keys else ()
    seed = None if asked.seed is None else f"{asked.seed} {name}"
    made = tenants.add(name, Tenant(document, seed=seed, private_keys=keys), max_age=asked.max_age)
    return _describe(call, made)


def _describe(call: Call, one: Disposable) -> dict[str, Any]:
    """Return where a tenant is: below the path of the caller's origin, and under its own host."""
    origin = origin_of(call.exchange.base_url)
    scheme, _, host = origin.partition("://")
    split = split_host(host)
    url = f"{origin}{PREFIX}{one.name}"
    return {
        "name": one.name,
        "url": url,
        "issuer": one.tenant.issuer(url),
        "host_url": make_origin(scheme, f"{one.name}.localhost", split[1] if split else ""),
        "ends_at": one.ends_at,
    }


def _delete(call: Call) -> None:
    if not _tenants(call).remove(call.id):
        raise Problem(404, f"no tenant {call.id!r}")


def _tenants(call: Call) -> Tenants:
    tenants: Tenants = call.exchange.request.environ[TENANTS_KEY]
    return tenants


OPERATIONS = (
    Operation(
        name="listTenants",
        method="GET",
        path="/tenants",
        summary="The tenants that were made at run time.",
        handler=lambda call: [_describe(call, one) for one in _tenants(call).others],
        answer=list[TenantPlace],
    ),
    Operation(
        name="makeTenant",
        method="POST",
        path="/tenants",
        summary="Make a tenant that shares nothing with the others.",
        handler=_make,
        body=NewTenant,
        deepest=2 * DEEPEST_BODY,
        answer=TenantPlace,
        status=201,
    ),
    Operation(
        name="deleteTenant",
        method="DELETE",
        path="/tenants/{id}",
        summary="Throw a tenant away.",
        handler=_delete,
        status=204,
    ),
)
