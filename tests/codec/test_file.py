"""Records in the dialect of tenant files: without defaults, and with every mistake."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockidp.codec.kind import Anything, Choice, ListOf, MappingOf, Nullable, RecordOf, kind_of
from mockidp.codec.mistakes import ConfigError
from mockidp.codec.shape import shape_of
from mockidp.codec.write import to_file, to_wire
from mockidp.resources.client import Client
from mockidp.resources.client_tokens import RefreshTokenPolicy
from mockidp.resources.resource_server import ApiScope, ResourceServer
from mockidp.resources.role import Permission, Role
from mockidp.resources.user import User
from mockidp.tenant.config.plain import structure_record

TEXTS = st.text("abc-1", min_size=1, max_size=6)
SCALARS = {str: TEXTS, bool: st.booleans(), int: st.integers(1, 99), float: st.integers(1, 99)}
UNCHECKED = (Role, Permission, ApiScope)
"""Records whose fields accept every string."""


def values(kind):
    match kind:
        case Nullable(inner):
            return st.none() | values(inner)
        case ListOf(item):
            return st.lists(values(item), max_size=3).map(tuple)
        case Choice(words):
            return st.sampled_from(words)
        case MappingOf() | Anything():
            return st.dictionaries(TEXTS, TEXTS, max_size=2)
        case RecordOf(cls):
            return records(cls)
    return SCALARS[kind.type]


def records(cls):
    shape = shape_of(cls)
    return st.builds(
        cls, **{one.attribute: values(one.kind) for one in shape.fields.values()}, extra=st.just({})
    )


@pytest.mark.parametrize("cls", UNCHECKED)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_every_record_survives_a_round_trip_through_a_file(cls, data):
    record = data.draw(records(cls))
    defaults = [
        one.attribute
        for one in shape_of(cls).fields.values()
        if one.default is not None and getattr(record, one.attribute) == one.default
    ]
    explicit = data.draw(st.sets(st.sampled_from(defaults))) if defaults else set()
    record = replace(record, explicit=frozenset(explicit))
    assert structure_record(cls, to_file(record), source="x") == record


def test_a_file_has_the_defaults_that_were_set():
    sent = {"user_id": "auth0|a", "blocked": False, "email": None, "app_metadata": {}}
    user = structure_record(User, sent, source="x")
    assert user.explicit == {"blocked", "app_metadata"}
    assert to_file(user) == {"user_id": "auth0|a", "app_metadata": {}, "blocked": False}
    assert to_file(replace(user, blocked=True))["blocked"] is True
    assert "explicit" not in to_wire(user)


def test_a_part_has_the_defaults_that_were_set():
    sent = {"client_id": "a", "name": "A", "jwt_configuration": {"alg": "RS256"}}
    assert to_file(structure_record(Client, sent, source="x")) == sent


def test_a_file_omits_defaults_and_the_wire_has_every_field():
    user = User(user_id="auth0|a", connection="db", extra={"logins_count": 3})
    written = to_file(user)
    assert written == {"user_id": "auth0|a", "connection": "db", "logins_count": 3}
    names = {one.name for one in fields(User)} - {"extra", "explicit"}
    assert to_wire(user).keys() == names | {"logins_count"}
    assert to_wire(user) | written == to_wire(user)


def test_abbreviated_values_are_written_in_full():
    api = structure_record(
        ResourceServer, {"identifier": "a", "name": "A", "scopes": ["read"]}, source="x"
    )
    assert to_file(api)["scopes"] == [{"value": "read"}]


def test_every_mistake_is_reported_with_its_path():
    data = {"policies": [{"audience": 5, "scope": ["a", 1, None], "scopes": []}]}
    with pytest.raises(ConfigError) as refused:
        structure_record(RefreshTokenPolicy, data, source="x")
    assert [str(one) for one in refused.value.mistakes] == [
        "x: policies[0].audience: found the number 5, expected a string",
        "x: policies[0].scope[1]: found the number 1, expected a string",
        "x: policies[0].scope[2]: found nothing, expected a string",
        (
            "x: policies[0].scopes: found an unknown key, expected one of audience, scope; "
            "did you mean scope?"
        ),
    ]


def test_a_value_that_json_does_not_have_is_refused_with_its_path():
    with pytest.raises(
        ConfigError, match=r"x: permissions\[0\]: found b'a', expected a"
    ) as refused:
        structure_record(Role, {"name": "r", "permissions": [b"a"]}, source="x")
    (mistake,) = refused.value.mistakes
    assert mistake.steps == ("permissions", 0)


def test_kinds_of_one_hint_are_shared():
    assert kind_of(tuple[User, ...]) is kind_of(tuple[User, ...])
