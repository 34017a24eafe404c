"""Profiles of self-service, of user attributes and of connections. They are stored.

Source: docs/fidelity.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockidp.management.collection import Texts
from mockidp.management.listing import ListShape
from mockidp.management.operation import Call, Operation
from mockidp.management.refusals import invalid_body, not_found
from mockidp.management.stored.collection import Stored, StoredList, with_prefix
from mockidp.management.stored.values import with_ids

_TEXTS = "customText"
"""The member of a tenant file with the texts of a profile, which have a path of their own."""


USER_ATTRIBUTES = StoredList(
    section="userAttributeProfiles",
    path="/user-attribute-profiles",
    noun="user_attribute_profiles",
    texts=Texts(
        title="user attribute profile",
        missing="User attribute profile not found.",
        exists="A user attribute profile with the same name already exists.",
    ),
    shape=ListShape(key="user_attribute_profiles", has_checkpoints=True, is_object=True),
    make_id=with_prefix("uap_", 22),
    order=("id", "name", "user_id", "user_attributes"),
    required=("name", "user_attributes"),
    types={"name": "string", "user_id": "object", "user_attributes": "object"},
    read_only=frozenset({"id"}),
    merged=frozenset({"user_id"}),
    is_deleted_silently=True,
)


def _check_self_service(call: Call, before: Stored | None) -> None:
    after = {**(before or {}), **call.body}
    with call.tenant.trace.check("user_attributes"):
        if after.get("user_attributes") and after.get("user_attribute_profile_id"):
            raise invalid_body(
                "Expected either user_attributes or user_attribute_profile_id",
                at="user_attributes",
                hint="Send `user_attributes: null`, or leave `user_attribute_profile_id` out.",
            )


def _show_self_service(call: Call, one: Stored) -> Stored:
    """Return an answer. A tenant file may have the name of a user attribute profile for its id."""
    shown = with_ids(one, "user_attribute_profile_id", USER_ATTRIBUTES.ids(call))
    return {"user_attributes": [], **shown}


SELF_SERVICE = StoredList(
    section="selfServiceProfiles",
    path="/self-service-profiles",
    noun="self_service_profiles",
    texts=Texts(
        title="self-service profile",
        missing="Profile with ID: {id} not found",
        exists="A self-service profile with the same name already exists.",
    ),
    shape=ListShape(
        key="self_service_profiles", order=("self_service_profiles", "start", "limit", "total")
    ),
    make_id=with_prefix("ssp_", 22),
    order=(
        "id", "name", "description", "user_attributes", "allowed_strategies", "created_at",
        "updated_at", "branding", "user_attribute_profile_id",
    ),
    required=("name",),
    types={
        "name": "string", "description": "string", "user_attributes": "array",
        "allowed_strategies": "array", "branding": "object", "user_attribute_profile_id": "string",
    },
    read_only=frozenset({"id", "created_at", "updated_at", _TEXTS}),
    write_only=(_TEXTS,),
    has_timestamps=True,
    check=_check_self_service,
    show=_show_self_service,
    is_deleted_silently=True,
)  # fmt: skip


def _texts(found: Stored) -> dict[str, dict[str, Any]]:
    """Return all texts of a profile, by language and page."""
    held = found.get(_TEXTS)
    texts = held if isinstance(held, Mapping) else {}
    return {name: dict(pages) for name, pages in texts.items() if isinstance(pages, Mapping)}


def _get_text(call: Call) -> Any:
    name, language, page = call.ids
    return _texts(SELF_SERVICE.find(call, name)).get(language, {}).get(page, {})


def _set_text(call: Call) -> Mapping[str, Any]:
    name, language, page = call.ids
    with call.tenant.trace.check("texts"):
        for key, text in call.body.items():
            if not isinstance(text, str):
                raise invalid_body(
                    "Expected type string", at=key, hint=f"Send `{key}` as a string."
                )
    with call.tenant.backend.exclusive():
        found = SELF_SERVICE.find(call, name)
        texts = _texts(found)
        texts.setdefault(language, {})[page] = call.body
        SELF_SERVICE.write(call, {**found, _TEXTS: texts})
    return call.body


CONNECTIONS = StoredList(
    section="connectionProfiles",
    path="/connection-profiles",
    noun="connection_profiles",
    texts=Texts(
        title="connection profile",
        missing="Connection profile not found.",
        exists="A connection profile with the same name already exists.",
    ),
    shape=ListShape(key="connection_profiles", has_checkpoints=True, is_object=True),
    make_id=with_prefix("cop_", 22),
    order=(
        "id", "name", "organization", "connection_name_prefix_template", "enabled_features",
        "connection_config", "strategy_overrides",
    ),
    nullable=("connection_config", "strategy_overrides"),
    required=("name",),
    types={
        "name": "string", "organization": "object", "connection_name_prefix_template": "string",
        "enabled_features": "array", "connection_config": "object", "strategy_overrides": "object",
    },
    read_only=frozenset({"id"}),
    is_deleted_silently=True,
)  # fmt: skip


def _templates(noun: str, title: str, fields: Mapping[str, Any]) -> Iterator[Operation]:
    """Yield the two calls for the templates of profiles, of which there is one."""
    path = f"/{noun.replace('_', '-')}s/templates"
    template = {"id": "auth0-generic", "display_name": f"Auth0 Generic {title} Template",
                "template": fields}  # fmt: skip

    def get(call: Call) -> Any:
        with call.tenant.trace.check("template", id=call.id):
            if call.id != template["id"]:
                raise not_found(
                    f"{title} Template not found.",
                    hint=f"The only template is {template['id']}, not {call.id!r}.",
                )
        return template

    scopes = (f"read:{noun}s",)
    yield Operation(
        title=f"Get {title} Templates", method="GET", path=path, scopes=scopes,
        handler=lambda _call: {f"{noun}_templates": [template]},
    )  # fmt: skip
    yield Operation(
        title=f"Get {title} Template", method="GET", path=f"{path}/{{id}}", scopes=scopes,
        handler=get,
    )  # fmt: skip


def _attribute(name: str, label: str, claim: str) -> dict[str, Any]:
    return {
        "description": f"The {label.lower()} of the user",
        "label": label,
        "profile_required": name == "email",
        "auth0_mapping": name,
        "oidc_mapping": {"mapping": f"${{context.userinfo.{claim}}}", "display_name": claim},
    }


_USER_TEMPLATE = {
    "name": "Auth0 Generic",
    "user_id": {"oidc_mapping": "sub", "scim_mapping": "externalId"},
    "user_attributes": {
        name: _attribute(name, label, name)
        for name, label in (
            ("email", "Email"), ("given_name", "Given name"), ("family_name", "Family name"),
            ("nickname", "Nickname"), ("name", "Name"), ("picture", "Picture"),
        )
    },
}  # fmt: skip
_CONNECTION_TEMPLATE = {
    "name": "Auth0 Generic",
    "organization": {"show_as_button": "required", "assign_membership_on_login": "required"},
    "connection_name_prefix_template": "con-{org_id}",
    "enabled_features": [],
}
_TEXT_PATH = "/self-service-profiles/{id}/custom-text/{id}/{id}"
OPERATIONS = (
    *SELF_SERVICE.operations(),
    Operation(
        title="Get custom text for a self-service profile", method="GET", path=_TEXT_PATH,
        scopes=("read:self_service_profile_custom_texts",), handler=_get_text,
    ),
    Operation(
        title="Set custom text for a self-service profile", method="PUT", path=_TEXT_PATH,
        scopes=("update:self_service_profile_custom_texts",), handler=_set_text,
    ),
    *USER_ATTRIBUTES.operations(),
    *CONNECTIONS.operations(),
    *_templates("user_attribute_profile", "User Attribute Profile", _USER_TEMPLATE),
    *_templates("connection_profile", "Connection Profile", _CONNECTION_TEMPLATE),
)  # fmt: skip
