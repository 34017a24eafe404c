"""The types of the verbs' words say what the records say: nothing drifts."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from mockidp.codec.shape import shape_of
from mockidp.faults import Fault, When
from mockidp.faults.vocabulary import PLACES
from mockidp.protocol.custom_claim import CustomClaim
from mockidp.resources.client import (
    Client,
    DefaultOrganization,
    JwtConfiguration,
    RefreshTokenPolicy,
    ResourcePolicy,
)
from mockidp.resources.resource_server import (
    ApiScope,
    ClientAccessPolicy,
    ResourceServer,
    SubjectTypeAuthorization,
    UserAccessPolicy,
)
from mockidp.resources.role import Permission
from mockidp.resources.user import User
from mockidp.tenant.settings import ImpersonationSettings, Settings
from mockidp.testing import words

TYPED = {
    User: words.UserFields,
    Permission: words.PermissionFields,
    Client: words.ClientFields,
    JwtConfiguration: words.JwtConfigurationFields,
    RefreshTokenPolicy: words.RefreshTokenPolicyFields,
    ResourcePolicy: words.ResourcePolicyFields,
    DefaultOrganization: words.DefaultOrganizationFields,
    ResourceServer: words.ResourceServerFields,
    ApiScope: words.ApiScopeFields,
    SubjectTypeAuthorization: words.SubjectTypeAuthorizationFields,
    ClientAccessPolicy: words.ClientAccessPolicyFields,
    UserAccessPolicy: words.UserAccessPolicyFields,
    Settings: words.SettingsFields,
    CustomClaim: words.CustomClaimFields,
    ImpersonationSettings: words.ImpersonationSettingsFields,
    When: words.WhenFields,
    Fault: words.FaultFields,
}
ARGUMENTS = {User: "user_id", Client: "client_id", ResourceServer: "identifier"}
"""What the verb takes as its first argument."""


def typed(cls, name, kind):
    """Return what a verb takes for a field of a record."""
    if (cls, name) == (Fault, "endpoint"):
        return words.Place
    if (cls, name) == (ResourceServer, "scopes"):
        return Sequence[str | words.ApiScopeFields]
    if is_dataclass(kind):
        return TYPED[kind]
    if get_origin(kind) in (Union, UnionType):
        return Union[tuple(TYPED.get(one, one) for one in get_args(kind))]  # noqa: UP007 - a tuple
    if get_origin(kind) is not tuple:
        return kind
    one = get_args(kind)[0]
    several = many(TYPED.get(one, one))
    taken_alone = shape_of(cls).fields[name].one_or_more
    return Union[one, several] if taken_alone else several  # noqa: UP007 - a Literal has no |


def many(kind):
    return list[kind] | tuple[kind, ...]


def flat(kind):
    """Return a type such that two spellings of a union are the same."""
    if get_origin(kind) in (Union, UnionType):
        return frozenset(map(flat, get_args(kind)))
    return kind


@pytest.mark.parametrize("cls", TYPED, ids=lambda cls: cls.__name__)
def test_a_record_and_its_words_are_the_same(cls):
    hints = get_type_hints(cls)
    of_record = {
        name if cls is CustomClaim else one.attribute: typed(cls, name, hints[one.attribute])
        for name, one in shape_of(cls).fields.items()
        if name != ARGUMENTS.get(cls)
    }
    of_words = get_type_hints(TYPED[cls])
    assert {name: flat(kind) for name, kind in of_words.items()} == {
        name: flat(kind) for name, kind in of_record.items()
    }
    required = {one.attribute for one in shape_of(cls).required if one.attribute in of_record}
    assert TYPED[cls].__required_keys__ == required


def test_the_places_of_faults_are_those_of_the_catalogue():
    assert get_args(words.Place) == PLACES


def test_every_typed_dict_is_compared_or_part_of_one():
    compared = set(TYPED.values()) | {words.FaultWords, words.SpoiledTokenWords}
    public = {
        each
        for name, each in vars(words).items()
        if isinstance(each, type) and hasattr(each, "__total__") and not name.startswith("_")
    }
    assert public == compared


def test_what_makes_a_fault_is_in_both_of_its_types():
    assert get_type_hints(words.FaultWords).keys() == {
        one.name for one in fields(Fault) if one.name not in ("endpoint", "when")
    }
    assert (
        get_type_hints(words.SpoiledTokenWords).items() <= get_type_hints(words.FaultWords).items()
    )


def test_a_difference_would_be_seen():
    assert flat(str | None) == flat(Union[None, str])  # noqa: UP007 - another spelling
    assert flat(str | None) != flat(str)
    assert flat(Literal["a", "b"]) != flat(Literal["a"])
    assert flat(Mapping[str, Any]) != flat(Mapping[str, str])
