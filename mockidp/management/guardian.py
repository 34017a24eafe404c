"""Second factors and policies of MFA. A change applies to the next login.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.management.body import check_keys
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, invalid_path
from mockidp.management.stored.section import SectionEntry, read_section, replace_section
from mockidp.protocol.errors.nearest import nearest

_FACTORS = (
    "sms", "push-notification", "otp", "email", "duo", "webauthn-roaming", "webauthn-platform",
    "recovery-code",
)  # fmt: skip
"""All factors, in Auth0's order."""


def _factor(name: str) -> SectionEntry:
    return SectionEntry("guardianFactors", {"name": name})


def _list_factors(call: Call) -> list[Mapping[str, Any]]:
    held = {name: _factor(name).read(call.tenant) or {} for name in _FACTORS}
    return [
        {"name": name, "enabled": one.get("enabled", False), "trial_expired": False}
        for name, one in held.items()
    ]


def _set_factor(call: Call) -> Mapping[str, Any]:
    with call.tenant.trace.check("factor", sent=call.id):
        if call.id not in _FACTORS:
            near = nearest(call.id, _FACTORS)
            meant = f" Did you mean {near}?" if near else ""
            raise invalid_path(
                f'Invalid value "{call.id}"',
                at="name",
                hint=f"Auth0 has no second factor {call.id!r}.{meant}",
            )
    check_keys(call, ("enabled",), required=("enabled",))
    with call.tenant.trace.check("enabled"):
        if not isinstance(call.body["enabled"], bool):
            raise invalid_body(
                "Expected type boolean", at="enabled", hint="Send `enabled` as true or false."
            )
    with call.tenant.backend.exclusive():
        _factor(call.id).write(call, {"enabled": call.body["enabled"]})
    return call.body


def _get_policies(call: Call) -> list[str]:
    policies: list[str] = read_section(call.tenant, "guardianPolicies").get("policies", [])
    return policies


def _set_policies(call: Call) -> list[str]:
    with call.tenant.backend.exclusive():
        replace_section(call, "guardianPolicies", {"policies": list(call.items)}, at=("policies",))
    return _get_policies(call)


OPERATIONS = (
    Operation(
        title="Get factors and multi-factor authentication details", method="GET",
        path="/guardian/factors", scopes=("read:guardian_factors",), handler=_list_factors,
    ),
    Operation(
        title="Update multi-factor authentication type", method="PUT",
        path="/guardian/factors/{id}", scopes=("update:guardian_factors",), handler=_set_factor,
    ),
    Operation(
        title="Get multi-factor authentication policies", method="GET", path="/guardian/policies",
        scopes=("read:mfa_policies",), handler=_get_policies,
    ),
    Operation(
        title="Update multi-factor authentication policies", method="PUT",
        path="/guardian/policies", scopes=("update:mfa_policies",), handler=_set_policies,
        has_list=True,
    ),
)  # fmt: skip
