"""The settings of the tenant.

Auth0: an update merges `flags`, and replaces other settings. It takes session lifetimes in minutes,
too, and the answer has hours. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.shape import shape_of
from mockidp.codec.write import to_file, to_wire
from mockidp.frozen import replace
from mockidp.management import field_types
from mockidp.management.body import check_keys, check_number, checked_values
from mockidp.management.collection import ordered
from mockidp.management.json_values import check_types, check_unique, json_type
from mockidp.management.listing import FIELDS, select_fields
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body
from mockidp.resources.record import differences_of
from mockidp.tenant.config.leniency import leniency_after
from mockidp.tenant.config.plain import structure_part
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.tenant_settings import TenantSettings
from mockidp.tenant.tenant import Tenant

_ORDER = (
    "allowed_logout_urls", "change_password", "acr_values_supported", "default_audience",
    "default_directory", "default_redirection_uri", "default_token_quota", "enabled_locales",
    "error_page", "flags", "friendly_name", "guardian_mfa_page", "idle_session_lifetime",
    "ephemeral_session_lifetime", "idle_ephemeral_session_lifetime", "picture_url",
    "sandbox_version", "session_lifetime", "support_email", "support_url", "sessions",
    "oidc_logout", "allow_organization_name_in_authentication_api",
    "customize_mfa_in_postlogin_action", "pushed_authorization_requests_supported", "mtls",
    "universal_login", "resource_parameter_profile", "client_id_metadata_document_supported",
    "session_cookie", "sandbox_versions_available",
)  # fmt: skip
_NEW = MappingProxyType(
    {
        "sandbox_version": "22",
        "resource_parameter_profile": "audience",
        "client_id_metadata_document_supported": False,
    }
)
"""Settings of a new tenant that the record does not have."""
_VERSIONS = ("22", "18", "12")
_NEW_FLAGS = MappingProxyType(
    {"allow_changing_enable_sso": False, "enable_sso": True, "universal_login": True}
)
_IMPERSONATION = "disable_impersonation"
_SHOWN_FLAGS = (_IMPERSONATION, "disable_clickjack_protection_headers")
"""Flags that every tenant has. Others are shown if they differ from their default."""
_ENFORCED = "enforce_client_authentication_on_passwordless_start"
_IN_MINUTES = {
    "session_lifetime_in_minutes": "session_lifetime",
    "idle_session_lifetime_in_minutes": "idle_session_lifetime",
    "ephemeral_session_lifetime_in_minutes": "ephemeral_session_lifetime",
    "idle_ephemeral_session_lifetime_in_minutes": "idle_ephemeral_session_lifetime",
}
_MAX_MINUTES = 525600
_READ_ONLY = {"sandbox_versions_available"}
_NAMES_RECORD = ("default_audience", "default_directory")
"""Settings that name a record. An empty string clears them, as null does."""


def _get(call: Call) -> Any:
    shown = {**_show(call.tenant), "sandbox_versions_available": list(_VERSIONS)}
    return select_fields(call.query, shown)


def _patch(call: Call) -> Any:
    tenant = call.tenant
    shape = shape_of(TenantSettings)
    check_keys(call, (set(shape.fields) | shape.kept | set(_IN_MINUTES)) - _READ_ONLY)
    check_types(call, field_types.TENANT)
    check_unique(call, "country_codes.list")
    _check_flags(call)
    changes = _in_hours(call)
    with tenant.backend.exclusive(), checked_values(call):
        configuration = tenant.directory.configuration
        after = _merge(to_file(configuration.tenant), changes)
        read = _read(tenant, after)
        tenant.configure(replace(configuration, tenant=read.tenant))
    _advise(tenant, read.tenant, changes)
    shown = _show(tenant)
    shown["flags"] = {
        **shown["flags"],
        f"cannot_change_{_ENFORCED}": True,
        _ENFORCED: getattr(read.tenant.flags, _ENFORCED),
    }
    return shown


def _check_flags(call: Call) -> None:
    flags = call.body.get("flags")
    with call.tenant.trace.check("flags"):
        for name, value in flags.items() if isinstance(flags, dict) else ():
            if not isinstance(value, bool | None):
                raise invalid_body(
                    f"Expected type boolean but found type {json_type(value)}",
                    at=f"flags.{name}",
                    hint=f"Send `flags.{name}` as true or false.",
                )


def _advise(tenant: Tenant, settings: TenantSettings, changes: Mapping[str, Any]) -> None:
    """Name the changes that have no effect in the hint."""
    for name, text in differences_of(settings):
        if name.partition(".")[0] in changes:
            tenant.trace.advise(f"`{name}` is stored, but has no effect here: {text}.")
    is_sent = _IMPERSONATION in (changes.get("flags") or {})
    if is_sent and getattr(settings.flags, _IMPERSONATION) is tenant.impersonates:
        tenant.trace.advise(
            f"`flags.{_IMPERSONATION}` is stored, but has no effect here: the setting "
            f"`impersonation.enabled` is {str(tenant.impersonates).lower()}. Unset it to let the "
            "flag decide."
        )


def _read(tenant: Tenant, settings: Mapping[str, Any]) -> TenantDocument:
    """Return the settings as records.

    Raises:
        ConfigError: A setting is not valid. Its path is that in the body of the call.
    """
    try:
        return structure_part(
            {"tenant": settings},
            source="tenant",
            tenant=tenant.directory,
            leniency=leniency_after(tenant.directory.configuration.notes),
        )
    except ConfigError as error:
        inner = (one.within(("tenant",)) for one in error.mistakes)
        raise ConfigError(inner, more=error.more) from None


def _in_hours(call: Call) -> dict[str, Any]:
    """Return the changes, with the session lifetimes in hours."""
    changes = {name: one for name, one in call.body.items() if name not in _IN_MINUTES}
    for name, of_hours in _IN_MINUTES.items():
        if (sent := call.body.get(name)) is None:
            continue
        check_number(call, name, least=1, most=_MAX_MINUTES)
        with call.tenant.trace.check(name, sent=sent):
            if of_hours in changes:
                raise invalid_body(
                    f"Cannot set both {of_hours} and {name}",
                    hint=f"Send either `{of_hours}`, in hours, or `{name}`.",
                )
        changes[of_hours] = sent / 60
    return changes


def _merge(held: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    after = {**held, **changes}
    if isinstance(changes.get("flags"), Mapping):
        after["flags"] = _set_values({**held.get("flags", {}), **changes["flags"]})
    for name in _NAMES_RECORD:
        after[name] = after.get(name) or None
    return _set_values(after)


def _set_values(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in fields.items() if one is not None}


def _show(tenant: Tenant) -> dict[str, Any]:
    settings = tenant.directory.configuration.tenant
    shown = {**_NEW, **to_wire(settings), "flags": _flags(tenant)}
    if "error_page" not in to_file(settings):
        del shown["error_page"]
    else:
        shown["error_page"] = _set_values(shown["error_page"])
    return ordered(shown, _ORDER)


def _flags(tenant: Tenant) -> dict[str, Any]:
    """Return the flags. `disable_impersonation` is shown as it holds."""
    flags = tenant.directory.configuration.tenant.flags
    complete = to_wire(flags)
    always = {name: complete[name] for name in _SHOWN_FLAGS}
    return {**_NEW_FLAGS, **always, **to_file(flags), _IMPERSONATION: not tenant.impersonates}


OPERATIONS = (
    Operation(
        title="Get tenant settings", method="GET", path="/tenants/settings",
        scopes=("read:tenant_settings",), handler=_get, query=FIELDS,
    ),
    Operation(
        title="Update tenant settings", method="PATCH", path="/tenants/settings",
        scopes=("update:tenant_settings",), handler=_patch,
    ),
)  # fmt: skip
