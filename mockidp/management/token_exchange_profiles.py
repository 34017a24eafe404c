"""Token exchange profiles: the types of foreign tokens that clients may exchange.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.codec.write import to_wire
from mockidp.management.body import check_keys, checked_values
from mockidp.management.collection import Resource, Texts, ordered
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import conflict, invalid_body
from mockidp.management.stored.actions.actions import ACTIONS
from mockidp.resources.token_exchange_profile import (
    BY_TYPE,
    TOKEN_EXCHANGE_PROFILE,
    TokenExchangeProfile,
)
from mockidp.tenant.timestamps import timestamp
from mockidp.testing import records

_ORDER = ("id", "name", "type", "subject_token_type", "action_id", "created_at", "updated_at")


def _show(call: Call, profile: TokenExchangeProfile) -> Mapping[str, Any]:
    """Return a profile. A tenant file may have the name of its Action in place of the id."""
    shown = {name: one for name, one in to_wire(profile).items() if one != ""}
    action_id = ACTIONS.ids(call).get(shown.get("action", ""))
    if action_id and "action_id" not in shown:
        del shown["action"]
        shown["action_id"] = action_id
    return ordered(shown, _ORDER)


def _new(call: Call) -> Mapping[str, Any]:
    now = timestamp(call.tenant.now())
    return {"created_at": now, "updated_at": now}


def _check_new(call: Call, fields: Mapping[str, Any]) -> None:
    _check_type(call, fields.get("subject_token_type"))
    if fields.get("action_id") not in ACTIONS.ids(call).values():
        call.tenant.trace.advise(
            "`action_id` is not the id of an Action of the tenant. Actions are never run here: "
            "`mockidp.subject_tokens` decides which tokens are valid."
        )


def _check_type(call: Call, sent: Any, own: str | None = None) -> None:
    """Check that no other profile has a type of tokens."""
    profiles = call.tenant.directory.records[TOKEN_EXCHANGE_PROFILE.plural]
    found = profiles.find(BY_TYPE, sent) if isinstance(sent, str) else ()
    with call.tenant.trace.check("subject_token_type", sent=sent):
        if found and found[0].id != own:
            raise conflict(
                "A token exchange profile with the same subject_token_type already exists.",
                hint=f"Profile {found[0].name} has the type {sent}.",
            )


TOKEN_EXCHANGE_PROFILES = Resource(
    kind=TOKEN_EXCHANGE_PROFILE,
    path="/token-exchange-profiles",
    noun="token_exchange_profiles",
    texts=Texts(
        title="token exchange profile",
        missing="Token exchange profile not found.",
        exists="A token exchange profile with the same name already exists.",
    ),
    shape=ListShape(key="token_exchange_profiles", has_checkpoints=True, is_object=True),
    show=_show,
    read_only=frozenset({"id", "action", "created_at", "updated_at"}),
    required=("name", "subject_token_type", "action_id", "type"),
    defaults=_new,
    check_new=_check_new,
)


def _patch(call: Call) -> Any:
    check_keys(call, ("name", "subject_token_type"))
    with call.tenant.backend.exclusive(), checked_values(call):
        profile = TOKEN_EXCHANGE_PROFILES.find(call, call.id)
        name = call.body.get("name", profile.name)
        _check_name(call, name, profile)
        wanted = call.body.get("subject_token_type", profile.subject_token_type)
        _check_type(call, wanted, profile.id)
        changes = {"subject_token_type": wanted, "updated_at": timestamp(call.tenant.now())}
        changed = records.change(
            call.tenant, TOKEN_EXCHANGE_PROFILE, profile.name, lambda held: {**held, **changes}
        )
        if name != profile.name:
            changed = records.rename(call.tenant, TOKEN_EXCHANGE_PROFILE, profile.name, name)
    return _show(call, changed)


def _check_name(call: Call, name: Any, profile: TokenExchangeProfile) -> None:
    with call.tenant.trace.check("new_name", sent=name):
        if not isinstance(name, str) or not name:
            raise invalid_body("Expected type string", at="name", hint="Send a name.")
        known = call.tenant.directory.records[TOKEN_EXCHANGE_PROFILE.plural]
        if name != profile.name and name in known:
            raise conflict(
                TOKEN_EXCHANGE_PROFILES.texts.exists,
                hint=f"Profile {name!r} exists. Choose another name.",
            )


OPERATIONS = (
    *(one for one in TOKEN_EXCHANGE_PROFILES.operations() if one.method != "PATCH"),
    Operation(
        title="Update a token exchange profile", method="PATCH",
        path="/token-exchange-profiles/{id}", scopes=("update:token_exchange_profiles",),
        handler=_patch,
    ),
)  # fmt: skip
