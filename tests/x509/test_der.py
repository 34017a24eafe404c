"""The parts of DER that certificates use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.x509.der import (
    GENERALIZED_TIME,
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    UTC_TIME,
    Element,
    der,
    der_integer,
    der_time,
    read_der,
    read_time,
)


@given(st.lists(st.binary(max_size=300), max_size=4))
def test_what_is_encoded_is_decoded(contents):
    encoded = der(SEQUENCE, *(der(OCTET_STRING, content) for content in contents))
    [element] = read_der(encoded)
    assert (element.tag, element.encoded) == (SEQUENCE, encoded)
    assert [inner.content for inner in read_der(element.content)] == contents


@pytest.mark.parametrize(
    ("number", "encoded"), [(0, "020100"), (127, "02017f"), (128, "02020080"), (256, "02020100")]
)
def test_a_number_is_encoded_in_its_shortest_form(number, encoded):
    assert der_integer(number) == bytes.fromhex(encoded)


@given(st.binary(max_size=40))
def test_arbitrary_bytes_are_decoded_or_rejected(data):
    try:
        elements = read_der(data)
    except ValueError:
        return
    assert b"".join(element.encoded for element in elements) == data


@pytest.mark.parametrize("encoded", ["02", "0202", "020201", "0282", "02820001", "0281ff"])
def test_an_element_that_is_cut_off_is_rejected(encoded):
    with pytest.raises(ValueError, match="cut off"):
        read_der(bytes.fromhex(encoded))


@given(st.integers(min_value=0, max_value=253402300799))
def test_a_time_is_decoded_to_what_was_encoded(seconds):
    [element] = read_der(der_time(seconds))
    assert element.tag == (UTC_TIME if seconds < 2524608000 else GENERALIZED_TIME)
    assert read_time(element) == seconds


def test_a_time_with_a_year_of_two_digits_from_50_on_is_in_the_last_century():
    [element] = read_der(der(UTC_TIME, b"500101000000Z"))
    assert read_time(element) == -631152000


@pytest.mark.parametrize(
    ("tag", "content"),
    [
        (GENERALIZED_TIME, b"20270101000000"),
        (GENERALIZED_TIME, b"20271301000000Z"),
        (UTC_TIME, b"2701010000Z"),
        (UTC_TIME, b"27010100000\xb2Z"),
        (INTEGER, b"\x01"),
    ],
)
def test_another_form_of_time_is_rejected(tag, content):
    with pytest.raises(ValueError, match=r"time|month|ascii"):
        read_time(Element(tag=tag, content=content, encoded=b""))
