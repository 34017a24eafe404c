"""The checks of a bewit: their messages and their order."""

import pytest

from helpers.signed_links import (
    EXP,
    ID,
    KEY,
    ORIGIN,
    check,
    encode,
    refusal,
    signed,
    target_of,
    target_with,
)
from mockidp.protocol.impersonation.bewit import (
    Bewit,
    BewitError,
    read_bewit,
    split_target,
)


@pytest.fixture
def target():
    return target_of(signed(ext="txn_42"))


def test_an_untouched_link_is_accepted(target):
    found = check(target)
    assert (found.id, found.exp, found.ext) == (ID, EXP, "txn_42")


def test_head_opens_a_link_as_well(target):
    assert check(target, method="HEAD") == check(target)


def test_a_target_of_4096_characters_is_read_and_a_longer_one_is_not(target):
    start, bewit = target.split("?")
    fill = "x" * (4096 - len(target))
    url = f"{ORIGIN}{start}{fill}?"
    assert check(target_of(signed(url, ext="txn_42")))
    assert len(target_of(signed(url, ext="txn_42"))) == 4096
    assert refusal(f"{start}{fill}x?{bewit}") == (
        "length",
        400,
        "Resource path exceeds max length",
    )


def test_an_empty_bewit_is_refused():
    assert refusal("/p?bewit=") == ("presence", 401, "Empty bewit")
    assert refusal("/p?&bewit=&a=1") == ("presence", 401, "Empty bewit")


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "get", ""])
def test_other_methods_are_refused(target, method):
    assert refusal(target, method=method) == ("method", 401, "Invalid method")


def test_an_authorization_header_together_with_a_bewit_is_refused(target):
    assert refusal(target, has_authorization=True) == (
        "authorization",
        400,
        "Multiple authentications",
    )


@pytest.mark.parametrize("text", ["QUJD=", "QU+D", "QU/D", "QU%3D", "QU D", "QUJDé", "QUJD\n"])
def test_a_character_outside_the_alphabet_is_refused(text):
    assert refusal(f"/p?bewit={text}") == ("encoding", 400, "Invalid bewit encoding")


@pytest.mark.parametrize("plain", ["", "a", "a\\1\\m", "a\\1\\m\\e\\x"])
def test_anything_but_four_parts_is_refused(plain):
    with pytest.raises(BewitError) as caught:
        read_bewit(encode(plain))
    error = caught.value
    assert (error.check, error.status, str(error)) == (
        "structure",
        400,
        "Invalid bewit structure",
    )


@pytest.mark.parametrize(
    "plain",
    [
        "\\1\\m\\e",
        "a\\\\m\\e",
        "a\\1\\\\e",
        "a\\soon\\m\\",
        "a\\0\\m\\",
        "a\\-0\\m\\",
        "a\\0x10\\m\\",
        "a\\.5\\m\\",
        "a\\+-1\\m\\",
        "a\\\x855\\m\\",
        "a\\\u00b25\\m\\",
    ],
)
def test_a_bewit_without_id_expiry_or_mac_is_refused(plain):
    assert refusal(target_with(plain)) == (
        "attributes",
        400,
        "Missing bewit attributes",
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12", 12),
        ("12.7", 12),
        ("1e3", 1),
        ("12abc", 12),
        (" \t\r\n\v\f\xa012", 12),
        ("+5", 5),
        ("-5", -5),
        ("007", 7),
    ],
)
def test_the_leading_number_of_an_expiry_is_read(written, read):
    assert read_bewit(encode(f"a\\{written}\\m\\e")) == Bewit(id="a", exp=read, mac="m", ext="e")


def test_a_huge_expiry_is_accepted():
    huge = "9" * 3000
    assert refusal(target_with(f"{ID}\\{huge}\\m\\"))[2] == "Bad mac"


def test_a_single_trailing_character_is_ignored():
    # 4n + 1 characters: the last one holds six bits of a byte that never comes.
    text = encode("a\\12\\m\\ee")
    assert len(text) % 4 == 0
    assert read_bewit(text + "Q") == read_bewit(text)


def test_a_link_expires_at_its_second():
    target = target_of(signed(exp=2000))
    assert check(target, now=1999.999)
    assert refusal(target, now=2000.0) == ("expiry", 401, "Access expired")
    assert refusal(target, now=2000.5) == ("expiry", 401, "Access expired")


def test_an_unknown_id_is_refused(target):
    assert refusal(target, keys={"other": KEY}) == ("credentials", 401, "Unknown credentials")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("&bewit", "&next=/admin&bewit"),
        ("?&bewit", "?bewit"),
        ("%7C", "%7c"),
        ("%7C", "|"),
        ("alice", "bob"),
        ("bewit=", "bewit=QUJD&bewit="),
    ],
)
def test_a_changed_target_is_a_bad_mac(target, old, new):
    assert refusal(target.replace(old, new)) == ("mac", 401, "Bad mac")


def test_a_parameter_added_at_the_end_is_a_bad_mac(target):
    assert refusal(target + "&next=/admin") == ("mac", 401, "Bad mac")


@pytest.mark.parametrize(
    "origin",
    ["https://127.0.0.1:9443", "http://localhost:9443", "https://localhost", "https://mock"],
)
def test_a_link_is_valid_at_its_own_origin_only(target, origin):
    if origin == "http://localhost:9443":
        # The scheme is not signed, only the port that it stands for when none is written.
        assert check(target, origin=origin)
    else:
        assert refusal(target, origin=origin) == ("mac", 401, "Bad mac")


def test_another_key_is_a_bad_mac(target):
    assert refusal(target, keys={ID: KEY + "x"}) == ("mac", 401, "Bad mac")


def test_a_mac_that_is_not_base64_is_a_bad_mac():
    assert refusal(target_with(f"{ID}\\{EXP}\\é\\")) == ("mac", 401, "Bad mac")


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({"keys": {}}, True),
        ({"keys": {ID: "wrong"}}, True),
        ({"now": EXP}, True),
        ({"method": "POST"}, False),
    ],
)
def test_a_refusal_contains_the_bewit_if_it_could_be_read(target, change, known):
    with pytest.raises(BewitError) as caught:
        check(target, **change)
    assert (caught.value.bewit == read_bewit(split_target(target)[1])) is known


IN_ORDER = [
    # Each request fails its own check and every later one that it can fail at once.
    ("length", "/" + "x" * 4096),
    ("pattern", "/p"),
    ("presence", "/p?bewit="),
    ("method", "/p?bewit=+"),
    ("encoding", "/p?bewit=+"),
    ("structure", target_with("\\")),
    ("attributes", target_with("\\\\\\")),
    ("expiry", target_with("nobody\\1\\m\\")),
    ("credentials", target_with(f"nobody\\{EXP}\\m\\")),
    ("mac", target_with(f"{ID}\\{EXP}\\m\\")),
]


@pytest.mark.parametrize(("expected", "target"), IN_ORDER)
def test_the_first_failing_check_is_reported(expected, target):
    early = expected in {"length", "pattern", "presence", "method"}
    changes = {"method": "POST", "has_authorization": True} if early else {}
    assert refusal(target, **changes)[0] == expected


def test_the_authorization_header_is_checked_before_the_bewit_is_read():
    assert refusal("/p?bewit=+", has_authorization=True)[0] == "authorization"
