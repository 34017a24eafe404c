"""`/tenants`: tenants beside the first, made for a test or a worker and thrown away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.protocol.keys import SigningKey, generate_private_key
from mockidp.protocol.origin import make_origin, origin_of, split_host
from mockidp.protocol.problem import Problem
from mockidp.tenant.config.leniency import LOADED
from mockidp.tenant.config.mistakes import ConfigError
from mockidp.tenant.config.plain import structure_tenant
from mockidp.tenant.document import TenantDocument
from mockidp.tenant.snapshot import Snapshot
from mockidp.tenant.snapshot_data import snapshot_from
from mockidp.tenant.tenant import Tenant
from mockidp.web.control.guard import DEEPEST_BODY, MAX_STATE
from mockidp.web.control.operation import Call, Operation
from mockidp.web.tenants import LONGEST_AGE, PREFIX, TENANTS_KEY, Disposable, Tenants


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTenant:
    """What to make; by default the first tenant's document under a name of its own."""

    name: str | None = None
    """Letters, digits and hyphens, as it is part of a host name; made up unless given."""
    tenant: Mapping[str, Any] | None = None
    """What would stand in a tenant file."""
    lenient: bool = False
    """Whether names and fields in `tenant` that it does not know are noted instead of refused, as
    for an export that was loaded from a file."""
    snapshot: Mapping[str, Any] | None = None
    """What a tenant was, as `GET /snapshot` answers it; instead of a tenant."""
    seed: int | None = None
    """Makes ids, codes and tokens repeatable."""
    own_keys: bool = False
    """Whether to make keys for it; the process's own are shared otherwise."""
    max_age: float = LONGEST_AGE
    """Seconds until it is deleted; a day at most."""


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
    name = tenants.make_up_name() if asked.name is None else asked.name
    new = _new_tenant(asked, name, tenants.tenant)
    new.override = partial(_override, tenants.tenant, name)
    return _describe(call, tenants.add(name, new, max_age=asked.max_age))


def _new_tenant(asked: NewTenant, name: str, first: Tenant) -> Tenant:
    if asked.tenant is not None and asked.snapshot is not None:
        raise Problem(400, "a tenant is made of a `tenant` or of a `snapshot`, not of both")
    seed = None if asked.seed is None else f"{asked.seed} {name}"  # or codes of two would be alike
    keys = [generate_private_key(), generate_private_key()] if asked.own_keys else ()
    if asked.snapshot is not None:
        with _within("snapshot"):
            snapshot = snapshot_from(asked.snapshot)
        made = Tenant(snapshot.document, seed=seed, private_keys=keys)
        made.restore(_as_its_own(snapshot, made, own_keys=asked.own_keys))
        made.at_start = made.snapshot()
        return made
    if asked.tenant is None:
        document = _at_its_place(first.directory.document, name)
    else:
        with _within("tenant"):
            leniency = LOADED if asked.lenient else None
            made_of = structure_tenant(asked.tenant, source="tenant", leniency=leniency)
            document = _override(first, name, made_of)
    return Tenant(document, seed=seed, private_keys=keys)


def _as_its_own(snapshot: Snapshot, made: Tenant, *, own_keys: bool) -> Snapshot:
    """Return a snapshot for one of several that are made of it.

    Sessions and tokens that it holds are good in each. What they hand out later is not: no two
    have a sequence, a key of links or a `kid` in common.
    """
    fresh = made.at_start
    mine = replace(snapshot, ids=fresh.ids, bewit_key=fresh.bewit_key)
    if own_keys:
        return replace(mine, keys=fresh.keys, spare_keys=fresh.spare_keys)

    def renamed(keys: tuple[SigningKey, ...]) -> tuple[SigningKey, ...]:
        return tuple(
            SigningKey(key.private_key, kid=made.ids.key_id(), made_at=key.made_at) for key in keys
        )

    return replace(mine, keys=renamed(snapshot.keys), spare_keys=renamed(snapshot.spare_keys))


def _at_its_place(document: TenantDocument, name: str) -> TenantDocument:
    """Return the first tenant's document for another place: there its issuer would be a lie.

    A browser finds it where it finds the first, below the path.
    """
    settings = document.mockidp
    url = settings.browser_url or settings.issuer
    moved = replace(
        settings,
        issuer=None,
        browser_url=f"{url.rstrip('/')}{PREFIX}{name}" if url else None,
        hosts=settings.own_hosts,
    )
    return replace(document, mockidp=moved)


def _override(first: Tenant, name: str, document: TenantDocument) -> TenantDocument:
    """Return another tenant's document with what the server was told above it, but for its URLs."""
    own, overridden = document.mockidp, first.override(document)
    if not (own.issuer or own.browser_url):
        return _at_its_place(overridden, name)
    settings = overridden.mockidp
    kept = replace(
        settings, issuer=own.issuer, browser_url=own.browser_url, hosts=settings.own_hosts
    )
    return replace(overridden, mockidp=kept)


@contextmanager
def _within(name: str) -> Iterator[None]:
    """Let mistakes stand where they do in the body."""
    try:
        yield
    except ConfigError as error:
        moved = (
            one if one.steps is None else replace(one, steps=(name, *one.steps))
            for one in error.mistakes
        )
        raise ConfigError(moved, more=error.more) from None
    except MockIdPError as error:
        raise MockIdPError(f"/{name}{'' if str(error).startswith('/') else ': '}{error}") from None


def _describe(call: Call, one: Disposable) -> dict[str, Any]:
    """Return where a tenant is: below the URL that the caller has, and under its own host."""
    base_url = call.exchange.base_url
    scheme, _, host = origin_of(base_url).partition("://")
    split = split_host(host)
    url = f"{base_url}{PREFIX}{one.name}"
    return {
        "name": one.name,
        "url": url,
        "issuer": one.tenant.issuer(url),
        "host_url": make_origin(scheme, f"{one.name}.localhost", split[1] if split else ""),
        "ends_at": one.ends_at,
    }


def _get(call: Call) -> Any:
    for one in _tenants(call).others:
        if one.name == call.id:
            return _describe(call, one)
    raise _unknown(call)


def _delete(call: Call) -> None:
    if not _tenants(call).remove(call.id):
        raise _unknown(call)


def _unknown(call: Call) -> Problem:
    known = ", ".join(one.name for one in _tenants(call).others) or "none"
    return Problem(404, f"no tenant {call.id!r}; there are: {known}")


def _tenants(call: Call) -> Tenants:
    tenants: Tenants = call.exchange.request.environ[TENANTS_KEY]
    if call.tenant is not tenants.tenant:
        raise Problem(
            403,
            "only the first tenant makes, lists and deletes others: call it without the path "
            f"prefix {PREFIX}<name>, and at none of their hosts",
        )
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
        max_body=MAX_STATE,
        answer=TenantPlace,
        status=201,
    ),
    Operation(
        name="findTenant",
        method="GET",
        path="/tenants/{id}",
        summary="One of the tenants that were made at run time, by name.",
        handler=_get,
        answer=TenantPlace,
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
