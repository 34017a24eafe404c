"""Request parameters: no duplicates, and empty means absent."""

import json
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import parse_form, parse_json

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
PAIRS = st.dictionaries(TEXT, TEXT, max_size=20)


@given(PAIRS)
def test_a_form_is_parsed_to_the_pairs_that_were_written(pairs):
    assert dict(parse_form(urlencode(pairs)).raw()) == pairs


@given(PAIRS)
def test_json_is_parsed_to_the_same_parameters_as_a_form(pairs):
    for ensure_ascii in (True, False):
        body = json.dumps(pairs, ensure_ascii=ensure_ascii).encode()
        assert dict(parse_json(body).raw()) == pairs


@given(PAIRS)
def test_an_empty_parameter_counts_as_absent(pairs):
    parameters = parse_form(urlencode(pairs))
    for name, value in pairs.items():
        assert parameters.get(name) == (value or None)


@given(st.text())
def test_any_text_is_a_form_or_a_refusal(text):
    with suppress(InvalidRequest):
        assert all("\0" not in name for name in parse_form(text))


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_json_or_a_refusal(body):
    with suppress(InvalidRequest):
        assert all("\0" not in name for name in parse_json(body))


def test_a_missing_parameter_says_whether_it_was_empty():
    parameters = parse_form("state=&a=b")
    assert list(parameters) == ["state", "a"]
    for name, cause in (("state", "empty, which counts as absent"), ("code", "not sent")):
        with pytest.raises(InvalidRequest, match=f"Missing required parameter: {name}") as raised:
            parameters.require(name)
        assert cause in raised.value.hint
    assert parameters.require("a") == "b"


def test_nested_duplicates_are_refused_too():
    with pytest.raises(InvalidRequest, match="Duplicate parameter: x"):
        parse_json(b'{"a": {"x": 1, "x": 2}}')
