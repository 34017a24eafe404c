"""`@frozen`, compared with the standard dataclass of the same fields."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace

import pytest

from mockidp.frozen import frozen

standard = dataclass(frozen=True, kw_only=True, slots=True)


def pair(name, namespace, *, bases=((), ()), **options):
    """Return the same class twice: made by `frozen` and by `dataclass`."""
    made = frozen(**options) if options else frozen
    of_library = dataclass(frozen=True, slots=True, **options) if options else standard
    return tuple(
        decorate(type(name, base, dict(namespace)))
        for decorate, base in zip((made, of_library), bases, strict=True)
    )


POINT = {
    "__annotations__": {"x": "int", "tags": "list[str]", "note": "str", "z": "int"},
    "__doc__": "A point.",
    "tags": field(default_factory=list),
    "note": field(default="", compare=False),
    "z": 0,
}


@pytest.fixture(params=[{}, {"kw_only": True}], ids=["bare", "with options"])
def points(request):
    return pair("Point", POINT, **request.param)


@pytest.mark.parametrize(
    "values",
    [{"x": 1}, {"x": 1, "z": 2}, {"x": 1, "tags": ["a"], "note": "b"}],
    ids=["defaults", "a default replaced", "a factory replaced"],
)
def test_instances_have_the_same_values_and_text(points, values):
    ours, theirs = (cls(**values) for cls in points)
    assert asdict(ours) == asdict(theirs)
    assert repr(ours) == repr(theirs)
    assert asdict(replace(ours, x=9)) == asdict(replace(theirs, x=9))


def test_each_instance_gets_its_own_value_of_a_factory(points):
    first, second = points[0](x=1), points[0](x=1)
    first.tags.append("a")
    assert second.tags == []


@pytest.mark.parametrize(
    "call",
    [
        lambda cls: cls(),
        lambda cls: cls(1),
        lambda cls: cls(x=1, q=2),
        lambda cls: setattr(cls(x=1), "x", 2),
        lambda cls: delattr(cls(x=1), "x"),
        lambda cls: hash(cls(x=1)),
    ],
    ids=["missing", "positional", "unknown", "set", "delete", "unhashable field"],
)
def test_the_same_is_refused_with_the_same_message(points, call):
    messages = []
    for cls in points:
        with pytest.raises((TypeError, FrozenInstanceError)) as refused:
            call(cls)
        messages.append((refused.type, str(refused.value)))
    assert messages[0] == messages[1]


def test_signature_fields_and_documentation_are_the_same(points):
    ours, theirs = points
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    assert [one.name for one in fields(ours)] == [one.name for one in fields(theirs)]
    assert (ours.__doc__, ours.__match_args__) == (theirs.__doc__, theirs.__match_args__)
    assert ours.__slots__ == theirs.__slots__


def test_equality_needs_the_same_class_and_compares_only_some_fields(points):
    for cls in points:
        assert cls(x=1, note="a") == cls(x=1, note="b")
        assert cls(x=1) != cls(x=2)
    ours, theirs = points
    assert ours(x=1) != theirs(x=1)
    assert ours(x=1) != 1


@pytest.mark.parametrize("names", [(), ("a",), ("a", "b")])
def test_equal_instances_have_equal_hashes(names):
    ours, _ = pair("Plain", {"__annotations__": dict.fromkeys(names, "int")})
    values = dict.fromkeys(names, 1)
    assert ours(**values) == ours(**values)
    assert len({ours(**values), ours(**values)}) == 1
    for name in names:
        assert ours(**values) != ours(**(values | {name: 2}))


def test_fields_can_be_positional():
    ours, theirs = pair(
        "Pair", {"__annotations__": {"a": "int", "b": "int"}, "b": 2}, kw_only=False
    )
    assert asdict(ours(1)) == asdict(theirs(1)) == {"a": 1, "b": 2}
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))


def test_a_subclass_has_the_fields_of_both():
    base = pair("Base", {"__annotations__": {"a": "int"}}, kw_only=False)
    more = {"__annotations__": {"b": "int"}}
    ours, theirs = pair("Sub", more, bases=[(each,) for each in base], kw_only=True)
    assert asdict(ours(1, b=2)) == asdict(theirs(1, b=2)) == {"a": 1, "b": 2}
    assert ours(1, b=2) != base[0](1)


def test_a_subclass_can_call_the_init_of_a_base_that_was_never_created():
    ours, _ = pair("Base", {"__annotations__": {"a": "int"}})

    class Sub(ours):
        def __init__(self):
            super().__init__(a=1)

    assert Sub().a == 1
    assert asdict(ours(a=2)) == {"a": 2}
    assert inspect.isfunction(vars(ours)["__init__"]), "it was compiled once"


def test_a_class_can_have_its_own_init():
    def init(self, *, text):
        object.__setattr__(self, "size", len(text))

    ours, _ = pair("Size", {"__annotations__": {"size": "int"}, "__init__": init})
    assert ours(text="abc").size == 3


@frozen
class Copied:
    a: int
    b: list[int]


@pytest.mark.parametrize(
    "make", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
)
def test_instances_can_be_copied(make):
    original = Copied(a=1, b=[2])
    copied = make(original)
    assert copied == original
    assert copied is not original
