"""Type hints as kinds."""

from collections.abc import Mapping
from typing import Any, Literal

import pytest

from mockidp.codec.kind import (
    Anything,
    Choice,
    ListOf,
    MappingOf,
    Nullable,
    RecordOf,
    Scalar,
    bare,
    kind_of,
    record_in,
)
from mockidp.resources.user import User


@pytest.mark.parametrize(
    ("hint", "kind"),
    [
        (str, Scalar(str)),
        (float | None, Nullable(Scalar(float))),
        (Literal["a", "b"], Choice(("a", "b"))),
        (tuple[str, ...], ListOf(Scalar(str))),
        (list[User], ListOf(RecordOf(User))),
        (Mapping[str, str], MappingOf(Scalar(str))),
        (Mapping, MappingOf(Anything())),
        (dict[str, Any], MappingOf(Anything())),
        (Any, Anything()),
        (None, Anything()),
    ],
)
def test_a_type_hint_is_parsed(hint, kind):
    assert kind_of(hint) == kind


def test_a_record_is_found_alone_optional_and_in_a_list():
    for hint in (User, User | None, tuple[User, ...], tuple[User, ...] | None):
        assert record_in(kind_of(hint)) is User
    for hint in (str, Mapping[str, User]):
        assert record_in(kind_of(hint)) is None


def test_a_nullable_kind_has_an_inner_one():
    assert bare(kind_of(str | None)) == bare(kind_of(str)) == Scalar(str)
