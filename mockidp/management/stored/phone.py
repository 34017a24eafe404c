"""Providers and templates of text messages. They are stored; messages are in the outbox.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.frozen import replace
from mockidp.management.body import check_keys
from mockidp.management.collection import Texts
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body
from mockidp.management.stored.collection import Stored, StoredList, with_prefix
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.tenant.timestamps import timestamp

_MISSING = "Notification Resource not found"
_READ_ONLY = frozenset({"id", "tenant", "channel", "created_at", "updated_at"})
_SENDERS = ("default_from", "mssid")
_METHODS = ("text", "voice")


def _with_tenant(call: Call, one: Stored) -> Stored:
    return {**one, "tenant": call.tenant.name, "channel": "phone"}


def _check_provider(call: Call, before: Stored | None) -> None:
    after = {**(before or {}), **call.body}
    held = after.get("configuration")
    configuration = held if isinstance(held, Mapping) else {}
    with call.tenant.trace.check("configuration", provider=after.get("name")):
        if after.get("name") == "twilio" and not any(map(configuration.get, _SENDERS)):
            raise ApiRefusal(
                HTTPStatus.BAD_REQUEST,
                "Bad Operation on Notification Resource",
                hint="The configuration of twilio has no sender. Add `default_from` or `mssid`.",
            )


PROVIDERS = StoredList(
    section="phoneProviders",
    path="/branding/phone/providers",
    noun="phone_providers",
    texts=Texts(
        title="phone provider", missing=_MISSING, exists="A phone provider already exists."
    ),
    shape=ListShape(key="providers", order=("providers",), is_object=True),
    make_id=with_prefix("pro_", 22),
    order=(
        "id", "tenant", "name", "channel", "disabled", "configuration", "created_at", "updated_at",
    ),
    required=("name", "credentials"),
    types={
        "name": "string", "disabled": "boolean", "configuration": "object",
        "credentials": "object",
    },
    read_only=_READ_ONLY,
    defaults=lambda _call: {"disabled": False},
    write_only=("credentials",),
    has_timestamps=True,
    check=_check_provider,
    show=_with_tenant,
)  # fmt: skip


def _list_providers(call: Call) -> Any:
    page = PROVIDERS.page(call)
    return {"providers": [{**one, "credentials": None} for one in page["providers"]]}


def _show_template(call: Call, one: Stored) -> Stored:
    held = one.get("content")
    content = held if isinstance(held, Mapping) else {}
    return {**_with_tenant(call, one), "content": {"syntax": "liquid", **content}}


TEMPLATES = StoredList(
    section="phoneTemplates",
    path="/branding/phone/templates",
    noun="phone_templates",
    texts=Texts(
        title="phone template",
        missing=_MISSING,
        exists="A phone template with the same type already exists.",
    ),
    shape=ListShape(key="templates", order=("templates",), is_object=True),
    make_id=with_prefix("tem_", 22),
    name_key="type",
    order=(
        "id", "tenant", "channel", "type", "disabled", "created_at", "updated_at", "content",
    ),
    types={"type": "string", "disabled": "boolean", "content": "object"},
    read_only=_READ_ONLY | {"customizable"},
    fixed=frozenset({"type"}),
    defaults=lambda _call: {"disabled": False},
    merged=frozenset({"content"}),
    has_timestamps=True,
    show=_show_template,
)  # fmt: skip
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "otp_verify": {
        "text": "{{ code | escape }} is your verification code for {{ friendly_name | escape }}",
        "voice": "Hello. Your verification code for {{ friendly_name | escape }} is {{ pause }} "
        "{{ code | escape }}. I repeat, your verification code is {{ pause }} {{ code | escape }}",
    }
}
"""Auth0's own texts, of which recordings show one."""


def _reset(call: Call) -> Stored:
    """Give a template Auth0's own texts. It keeps its sender."""
    with call.tenant.backend.exclusive():
        held = TEMPLATES.find(call, call.id)
        sender = {"from": held["content"]["from"]} if "from" in held.get("content", {}) else {}
        content = {"body": _TEXTS.get(str(held.get("type")), {}), **sender}
        after = {**held, "content": content, "updated_at": timestamp(call.tenant.now())}
        TEMPLATES.write(call, after)
    return TEMPLATES.answer(call, after)


def _try(call: Call, texts: Mapping[str, Any]) -> Stored:
    """Send a message to the outbox, with the text for the delivery method."""
    check_keys(call, ("to", "delivery_method"), required=("to",))
    to, method = call.body["to"], call.body.get("delivery_method", "text")
    with call.tenant.trace.check("message", to=str(to), method=str(method)):
        if not isinstance(to, str) or not to:
            raise invalid_body("Expected type string", at="to", hint="Send a phone number.")
        if method not in _METHODS:
            raise invalid_body(
                f"Expected one of {', '.join(_METHODS)}",
                at="delivery_method",
                hint=f"Found {method!r}. Send text or voice.",
            )
    call.tenant.outbox.send(to=to, kind="test", text=str(texts.get(method, "")))
    return {"code": 202, "message": "Test notification successfully sent for processing"}


def _try_provider(call: Call) -> Stored:
    PROVIDERS.find(call, call.id)
    return _try(call, dict.fromkeys(_METHODS, "This is a test message of the phone provider."))


def _try_template(call: Call) -> Stored:
    found = TEMPLATES.answer(call, TEMPLATES.find(call, call.id))
    body = found["content"].get("body")
    return _try(call, body if isinstance(body, Mapping) else {})


OPERATIONS = (
    *(
        replace(one, handler=_list_providers)
        if (one.method, one.path) == ("GET", PROVIDERS.path)
        else one
        for one in PROVIDERS.operations()
    ),
    Operation(
        title="Send a test phone notification for the configured provider", method="POST",
        path="/branding/phone/providers/{id}/try", scopes=("create:phone_providers",),
        handler=_try_provider, status=HTTPStatus.ACCEPTED,
    ),
    *TEMPLATES.operations(),
    Operation(
        title="Reset a phone notification template values", method="PATCH",
        path="/branding/phone/templates/{id}/reset", scopes=("update:phone_templates",),
        handler=_reset,
    ),
    Operation(
        title="Send a test phone notification for the configured template", method="POST",
        path="/branding/phone/templates/{id}/try", scopes=("create:phone_templates",),
        handler=_try_template, status=HTTPStatus.ACCEPTED,
    ),
)  # fmt: skip
