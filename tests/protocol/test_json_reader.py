"""A JSON document that is read value by value gives the same values and errors as at once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.protocol import json_reader
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.json_reader import JsonReader

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


def cut(text, size):
    body = text.encode()
    return (body[at : at + size] for at in range(0, len(body), size))


def read(reader, depth=2):
    """Read outer objects and lists by their members and items."""
    if depth and reader.is_at("{"):
        return {name: read(reader, depth - 1) for name in reader.members()}
    if depth and reader.is_at("["):
        return list(reader.items())
    return reader.value()


def read_whole(reader):
    value = read(reader)
    reader.end()
    return value


@pytest.fixture(autouse=True)
def _little_at_once(monkeypatch):
    monkeypatch.setattr(json_reader, "_LEAST", 1)


@given(JSON, st.integers(1, 7), st.sampled_from([None, 1]), st.booleans())
def test_every_document_is_read(value, size, indent, is_ascii):
    text = json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    assert read_whole(JsonReader(cut(f" {text}\n", size))) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": 1', "Expecting ',' (character 7)"),
        ('{"a": [1, 2', "Expecting ',' (character 11)"),
        ('{"a": [1 2]}', "Expecting ',' (character 9)"),
        ('{"a" 1}', "Expecting ':' (character 5)"),
        ("{1: 2}", "a name is not a string (character 2)"),
        ('{"a": [1,]}', "Expecting value (character 9)"),
        ('{"a": }', "Expecting value (character 6)"),
        ('{"a": "b', "Unterminated string starting at (character 6)"),
        ('{"a": 1} x', "Extra data (character 9)"),
        ("", "Expecting value (character 0)"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(text, why):
    with pytest.raises(InvalidRequest) as refused:
        read_whole(JsonReader(cut(text, 3)))
    assert (refused.value.description, refused.value.hint) == (
        "Invalid JSON",
        f"The body is not JSON: {why}.",
    )


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (b'{"a": "\xff"}', "The body is not UTF-8."),
        (b'{"a": "\xc3', "The body is not UTF-8."),
        (b'{"a": 1, "a": 2}', "Parameter `a` was sent more than once."),
        (b'{"b": [{"a": 1, "a": 2}]}', "Parameter `a` was sent more than once."),
        (b'{"b": [{"a": "\\u0000"}]}', "Parameter 'a' contains a NUL byte."),
        (b'{"a": [NaN]}', "The body is not JSON: NaN is not a JSON value."),
        (b'{"a": [1e999]}', "The body is not JSON: the number 1e999 is too large."),
        (b'{"a": ["\\ud800"]}', "The body has a \\u escape that is half of a surrogate pair."),
        (b'{"a": [' + b"[" * 300 + b"]" * 300 + b"]}", "The body is nested too deeply: it has more than 200 levels."),
        (b'{"a": [' + b"[" * 100_000, "The body is nested too deeply."),
    ],
)  # fmt: skip
def test_what_is_refused_at_once_is_refused_value_by_value(body, hint):
    with pytest.raises(InvalidRequest) as refused:
        read(JsonReader(iter([body])))
    assert refused.value.hint == hint


def test_no_more_is_received_than_is_needed():
    received = []

    def pieces():
        for number in range(10):
            received.append(number)
            yield b'{"a": [0' if not number else b", %d" % number
        yield b"]}"

    reader = JsonReader(pieces())
    (name,) = [next(reader.members())]
    items = reader.items()
    assert (name, next(items), len(received)) == ("a", 0, 2)
    assert list(items) == list(range(1, 10))
