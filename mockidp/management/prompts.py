"""Prompts: settings and custom texts of the hosted pages.

They apply to the next page that the tenant shows. Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, invalid_path
from mockidp.management.stored.section import Inside
from mockidp.management.stored.setting import StoredSetting
from mockidp.protocol.errors.nearest import nearest
from mockidp.tenant.texts import ENGLISH, built_in_texts

PARTIALS = (
    "login", "login-id", "login-password", "login-passwordless", "signup", "signup-id",
    "signup-password", "customized-consent", "passkeys", "confirmation",
)  # fmt: skip
"""The prompts that have partials (D)."""
PROMPTS = (
    *PARTIALS, "login-email-verification", "phone-identifier-enrollment",
    "phone-identifier-challenge", "email-identifier-challenge", "reset-password", "custom-form",
    "consent", "logout", "mfa-push", "mfa-otp", "mfa-voice", "mfa-phone", "mfa-webauthn",
    "mfa-sms", "mfa-email", "mfa-recovery-code", "mfa", "status", "device-flow",
    "email-verification", "email-otp-challenge", "organizations", "invitation", "common",
    "captcha", "brute-force-protection", "async-approval-flow",
)  # fmt: skip
"""All prompts (D)."""
_EXPERIENCES = ("new", "classic")
_WRITTEN = ("universal_login_experience", "identifier_first", "webauthn_platform_first_factor")


def check_prompt(call: Call, known: tuple[str, ...] = PROMPTS) -> str:
    """Return the prompt in the path.

    Raises:
        ApiRefusal: There is no such prompt.
    """
    with call.tenant.trace.check("prompt", sent=call.id):
        if call.id not in known:
            near = nearest(call.id, known)
            meant = f" Did you mean {near}?" if near else ""
            raise invalid_path(
                f'Invalid value "{call.id}"',
                at="prompt",
                hint=f"{call.id!r} is not a prompt that this call has.{meant}",
            )
    return call.id


def _check_settings(call: Call) -> None:
    sent = call.body.get("universal_login_experience")
    with call.tenant.trace.check("universal_login_experience", sent=sent):
        if sent not in (*_EXPERIENCES, None):
            raise invalid_body(
                f"Expected one of {', '.join(_EXPERIENCES)}",
                at="universal_login_experience",
                hint="Send new or classic.",
            )


_SETTINGS = StoredSetting(
    title="prompt settings",
    path="/prompts",
    noun="prompts",
    place=Inside("prompts"),
    defaults={"universal_login_experience": "new", "identifier_first": False},
    types={
        "universal_login_experience": "string", "identifier_first": "boolean",
        "webauthn_platform_first_factor": "boolean",
    },
    allowed=_WRITTEN,
    write_only=("customText", "partials", "screenRenderers"),
    check=_check_settings,
)  # fmt: skip


def _text(call: Call) -> Inside:
    return Inside("prompts", ("customText", call.ids[1], check_prompt(call)))


def _get_text(call: Call) -> Mapping[str, Any]:
    return _text(call).read(call.tenant) or {}


def _set_text(call: Call) -> Mapping[str, Any]:
    with call.tenant.backend.exclusive():
        _text(call).write(call, call.body)
    _advise_about_texts(call)
    return call.body


def _advise_about_texts(call: Call) -> None:
    """Name the texts that no page shows in the hint."""
    tenant, (prompt, language) = call.tenant, call.ids
    enabled = tenant.directory.configuration.tenant.enabled_locales
    if call.body and language not in enabled:
        tenant.trace.advise(
            f"No page shows the texts, because {language!r} is not among the `enabled_locales` of "
            f"the tenant: {', '.join(enabled)}. Add it with PATCH /tenants/settings."
        )
    known = built_in_texts(ENGLISH).get(prompt, {})
    unused = [
        f"{screen}.{key}"
        for screen, texts in call.body.items()
        for key in texts
        if key not in known.get(screen, {})
    ]
    if unused:
        tenant.trace.advise(f"No page of mockidp shows the texts {', '.join(unused)}.")


OPERATIONS = (
    *_SETTINGS.operations(),
    Operation(
        title="Get custom text for a prompt", method="GET",
        path="/prompts/{id}/custom-text/{id}", scopes=("read:prompts",), handler=_get_text,
    ),
    Operation(
        title="Set custom text for a specific prompt", method="PUT",
        path="/prompts/{id}/custom-text/{id}", scopes=("update:prompts",), handler=_set_text,
    ),
)  # fmt: skip
