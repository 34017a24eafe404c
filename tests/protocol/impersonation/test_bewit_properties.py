"""The bewit: round trips, and arbitrary input."""

from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.signed_links import (
    check,
)
from mockidp.protocol.impersonation.bewit import (
    Bewit,
    BewitError,
    read_bewit,
    sign_url,
    split_target,
)

PATHS = st.from_regex(r"(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2}){0,12}){1,4}", fullmatch=True)
QUERIES = st.from_regex(r"(\?([A-Za-z0-9._~=&/:@?-]|%[0-9A-F]{2}){0,30})?", fullmatch=True)
ORIGINS = st.from_regex(
    r"https?://([a-z][a-z0-9.-]{0,20}|\[::1\])(:[1-9][0-9]{0,4})?", fullmatch=True
)
LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\\"), max_size=40)


@given(
    url=st.tuples(ORIGINS, PATHS, QUERIES),
    bewit=st.builds(
        Bewit,
        id=LATIN.filter(bool),
        exp=st.integers(min_value=1001, max_value=2**53),
        mac=st.just(""),
        ext=LATIN,
    ),
    key=st.text(min_size=1),
)
def test_a_signed_url_is_accepted_and_its_bewit_can_be_read(url, bewit, key):
    origin, path, query = url
    link = sign_url(key=key, id=bewit.id, exp=bewit.exp, url="".join(url), ext=bewit.ext)
    target = link.removeprefix(origin)
    assert replace(check(target, origin=origin, keys={bewit.id: key}), mac="") == bewit
    assert split_target(target)[0] == path + query


def outcome(text):
    try:
        return type(read_bewit(text)).__name__
    except BewitError as error:
        return error.check


@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    assert outcome(text) in {"Bewit", "encoding", "structure", "attributes"}


@given(plain=st.binary(max_size=60) | st.from_regex(rb"a*\\[ 0-9+-]*\\[a-z]*\\.*", fullmatch=True))
def test_any_bytes_are_read_or_refused(plain):
    text = urlsafe_b64encode(plain).rstrip(b"=").decode()
    assert outcome(text) in {"Bewit", "structure", "attributes"}


@given(target=st.text(max_size=80), method=st.sampled_from(["GET", "HEAD", "POST"]))
def test_no_target_passes_without_a_key(target, method):
    with pytest.raises(BewitError):
        check(target, method=method, keys={})
