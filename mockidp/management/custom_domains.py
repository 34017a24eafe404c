"""Custom domains. The tenant answers at one once it is verified.

Auth0: a CNAME record verifies a domain. A mock has no DNS, so each verification succeeds. Source:
docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from mockidp.codec.write import to_wire
from mockidp.management.body import check_keys, checked_values
from mockidp.management.collection import Resource, Texts, ordered
from mockidp.management.formats import check_word
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, not_found
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.resources.custom_domain import CUSTOM_DOMAIN, READY, CustomDomain
from mockidp.tenant.timestamps import timestamp
from mockidp.testing import records

_ORDER = (
    "custom_domain_id", "domain", "primary", "is_default", "status", "type", "verification",
    "tls_policy", "domain_metadata", "created_at",
)  # fmt: skip
_PATCHED = frozenset(
    {"tls_policy", "custom_client_ip_header", "domain_metadata", "relying_party_identifier"}
)
_IP_HEADERS = ("true-client-ip", "cf-connecting-ip", "x-forwarded-for", "x-azure-clientip", "")
_CREATED = _PATCHED | {"domain", "type", "verification_method"}


def _show(_call: Call, domain: CustomDomain) -> Mapping[str, Any]:
    shown: dict[str, Any] = to_wire(domain)
    shown.pop("cname_api_key", None)  # only the first verification shows it
    shown.pop("verification_method", None)
    if domain.value_if_set("domain_metadata") is None:
        del shown["domain_metadata"]
    return ordered(shown, _ORDER)


def _new(call: Call) -> Mapping[str, Any]:
    return {
        "status": "pending_verification",
        "verification": {"methods": [_method(call, str(call.body["domain"]))]},
        "created_at": timestamp(call.tenant.now()),
    }


def _method(call: Call, domain: str) -> dict[str, str]:
    """Return the DNS record that verifies a domain."""
    if call.body.get("verification_method") == "txt":
        record = f"auth0-domain-verification={call.tenant.ids.opaque_id()}"
        return {"name": "txt", "record": record, "domain": f"_cf-custom-hostname.{domain}"}
    record = f"{call.tenant.name}-{domain}.edge.tenants.{urlsplit(call.url).hostname}"
    return {"name": "CNAME", "record": record, "domain": domain}


def _check_body(call: Call) -> None:
    check_word(call, "verification_method", "txt")
    check_word(call, "tls_policy", "recommended")
    check_word(call, "custom_client_ip_header", *_IP_HEADERS)


CUSTOM_DOMAINS = Resource(
    kind=CUSTOM_DOMAIN,
    path="/custom-domains",
    noun="custom_domains",
    texts=Texts(
        title="custom domain",
        missing="The custom domain does not exist",
        missing_code="inexistent_custom_domain",
        exists="The domain already exists",
    ),
    shape=ListShape(
        key="custom_domains",
        order=("custom_domains", "start", "limit", "total"),
        has_checkpoints=True,
    ),
    show=_show,
    read_only=frozenset(
        {
            "custom_domain_id", "status", "primary", "is_default", "certificate", "created_at",
            "cname_api_key", "origin_domain_name", "updated_at", "verification",
        }
    ),
    fixed=_CREATED - _PATCHED,
    required=("domain", "type"),
    defaults=_new,
    merged=frozenset({"domain_metadata"}),
    text_maps={"domain_metadata": 10},
    check_body=_check_body,
)  # fmt: skip


def _find(call: Call) -> CustomDomain:
    found: Iterable[CustomDomain] = CUSTOM_DOMAINS.all(call)
    domain = next((one for one in found if one.id == call.id), None)
    with call.tenant.trace.check("custom_domain", id=call.id, found=domain is not None):
        if domain is None:
            raise not_found(
                f"The custom domain {call.id} does not exist",
                code="inexistent_custom_domain",
                hint=f"No custom domain has the id {call.id!r}.",
            )
    return domain


def _get(call: Call) -> Any:
    return _show(call, _find(call))


def _patch(call: Call) -> Any:
    _find(call)
    return CUSTOM_DOMAINS.patch(call)


def _verify(call: Call) -> Any:
    domain = _find(call)
    if domain.is_ready or domain.type != "self_managed_certs":
        return _show(call, _change(call, domain, status=READY))
    key = domain.cname_api_key or call.tenant.ids.secret()
    changed = _change(call, domain, status=READY, cname_api_key=key)
    return {**_show(call, changed), "cname_api_key": key}


def _change(call: Call, domain: CustomDomain, **fields: Any) -> CustomDomain:
    with checked_values(call):
        return records.change(
            call.tenant, CUSTOM_DOMAIN, domain.domain, lambda held: {**held, **fields}
        )


def _default(call: Call) -> CustomDomain | None:
    domains = call.tenant.directory.records[CUSTOM_DOMAIN.plural].values()
    return next((one for one in domains if one.is_default), None)


def _get_default(call: Call) -> Any:
    """Return the default domain. Without one, it is the tenant's own."""
    found = _default(call)
    return _show(call, found) if found else {"domain": urlsplit(call.url).netloc}


def _set_default(call: Call) -> Any:
    check_keys(call, ("domain",), required=("domain",))
    name, domains = call.body["domain"], call.tenant.directory.records[CUSTOM_DOMAIN.plural]
    with call.tenant.trace.check("domain", sent=name):
        if not isinstance(name, str):
            raise invalid_body("Expected type string", at="domain", hint="Send a host name.")
        is_own = name in (urlsplit(call.url).netloc, urlsplit(call.url).hostname)
        found = domains.get(name)
        if found is None and not is_own:
            raise not_found(
                f"The custom domain {name} does not exist",
                code="inexistent_custom_domain",
                hint=f"The tenant has no custom domain {name!r}.",
            )
        if found is not None and not found.is_ready:
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "The domain must be verified before it can be set as default.",
                error_code="invalid_body",
                hint=f"The status of {name} is {found.status}. Verify it with POST "
                f"/custom-domains/{found.id}/verify.",
            )
    with call.tenant.backend.exclusive():
        before = _default(call)
        if before is not None:
            _change(call, before, is_default=False)
        if found is not None:
            _change(call, found, is_default=True)
    return _get_default(call)


_ONE, _READ, _UPDATE = "/custom-domains/{id}", ("read:custom_domains",), ("update:custom_domains",)
_OWN = {("GET", _ONE), ("PATCH", _ONE)}
OPERATIONS = (
    *(one for one in CUSTOM_DOMAINS.operations() if (one.method, one.path) not in _OWN),
    Operation(
        title="Get custom domain configuration", method="GET", path=_ONE, scopes=_READ,
        handler=_get,
    ),
    Operation(
        title="Update custom domain configuration", method="PATCH", path=_ONE, scopes=_UPDATE,
        handler=_patch,
    ),
    Operation(
        title="Verify a custom domain", method="POST", path=f"{_ONE}/verify",
        scopes=("create:custom_domains",), handler=_verify,
    ),
    Operation(
        title="Get the default domain", method="GET", path="/custom-domains/default",
        scopes=_READ, handler=_get_default,
    ),
    Operation(
        title="Set the default custom domain", method="PATCH", path="/custom-domains/default",
        scopes=_UPDATE, handler=_set_default,
    ),
)  # fmt: skip
