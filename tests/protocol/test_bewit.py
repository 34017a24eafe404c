"""The bewit: the reference's vectors, what it refuses and in which order, and round trips."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.protocol.bewit import (
    Bewit,
    BewitError,
    check_bewit,
    compute_mac,
    make_bewit,
    read_bewit,
    sign_url,
    split_target,
)

VECTORS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "fixtures/golden/bewit-vectors.jsonl")
    .read_text("utf-8")
    .splitlines()
]
KEY = "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn"
ID = "Xt0U1KfGlobalClientId"
EXP = 4102444800
ORIGIN = "https://localhost:9443"
LINK = ORIGIN + "/users/auth0%7Calice/impersonate?"


def encode(plain):
    return urlsafe_b64encode(plain.encode("latin-1")).rstrip(b"=").decode()


def spoil(plain):
    return f"/p?bewit={encode(plain)}"


def target_of(url):
    return "/" + url.split("/", 3)[3]


def check(target, **changes):
    request = {
        "method": "GET",
        "target": target,
        "origin": ORIGIN,
        "has_authorization": False,
        "keys": {ID: KEY},
        "now": 1000.0,
    }
    return check_bewit(**(request | changes))


def refusal(target, **changes):
    with pytest.raises(BewitError) as caught:
        check(target, **changes)
    return caught.value.check, caught.value.status, caught.value.message


def signed(url=LINK, **changes):
    return sign_url(**({"key": KEY, "id": ID, "exp": EXP, "url": url} | changes))


@pytest.fixture
def target():
    return target_of(signed(ext="txn_42"))


@pytest.mark.parametrize("vector", VECTORS)
def test_the_reference_makes_the_same_bewit(vector):
    made = make_bewit(
        key=KEY, id=read_bewit(vector["b"]).id, exp=EXP, url=vector["u"], ext=vector["ext"]
    )
    assert made == vector["b"]


@pytest.mark.parametrize("vector", VECTORS)
def test_a_bewit_of_the_reference_is_read_and_accepted(vector):
    url = vector["u"]
    target = target_of(url + ("&" if "?" in url else "?") + "bewit=" + vector["b"])
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    found = check(target, origin=origin, keys={read_bewit(vector["b"]).id: KEY})
    assert (found.mac, found.ext, found.exp) == (vector["mac"], vector["ext"], EXP)


def test_a_signed_link_keeps_its_question_mark_before_the_bewit():
    assert signed().startswith(LINK + "&bewit=")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h/p", "http://h/p?bewit="),
        ("http://h/p?", "http://h/p?&bewit="),
        ("http://h/p?a=1", "http://h/p?a=1&bewit="),
        ("http://h", "http://h?bewit="),
    ],
)
def test_a_bewit_is_appended_after_what_is_there(url, expected):
    assert signed(url).startswith(expected)


def test_a_fragment_is_kept_and_not_signed():
    link = signed("http://h/p#top")
    assert link.endswith("#top")
    assert link.removesuffix("#top") == signed("http://h/p")


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("http://h/p", "http://h:80/p"),
        ("https://h/p", "https://h:443/p"),
        ("https://h/p", "https://h:/p"),
        ("http://LocalHost:9400/p", "HTTP://localhost:9400/p"),
        ("http://h", "http://h/"),
        ("http://h?a", "http://h/?a"),
        ("http://h", "http://h#top"),
        ("http://h/p", "http://someone:pass@h/p"),
    ],
)
def test_these_two_urls_are_signed_alike(url, same):
    assert make_bewit(key=KEY, id=ID, exp=EXP, url=url) == make_bewit(
        key=KEY, id=ID, exp=EXP, url=same
    )


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("http://h/p", "https://h/p"),
        ("http://h/p", "http://h:8080/p"),
        ("http://localhost/p", "http://127.0.0.1/p"),
        ("http://h/p", "http://h/p?"),
        ("http://h/a%7Cb", "http://h/a%7cb"),
        ("http://h/a%7Cb", "http://h/a|b"),
        ("http://h/p?a=1&b=2", "http://h/p?b=2&a=1"),
    ],
)
def test_these_two_urls_are_signed_differently(url, other):
    assert make_bewit(key=KEY, id=ID, exp=EXP, url=url) != make_bewit(
        key=KEY, id=ID, exp=EXP, url=other
    )


def test_an_ipv6_host_is_signed_without_its_brackets():
    # Made by the reference: getBewit("http://[::1]:9400/p").
    mac = compute_mac(key=KEY, exp=EXP, resource="/p", origin="http://[::1]:9400")
    assert mac == "MZd1ghZRtgio1Ktq9NoeXhQUbUznguwFV0/G/NvuInE="


@pytest.mark.parametrize(
    "url", ["/p", "localhost/p", "http://", "http://h:port/p", "http://[::1/p"]
)
def test_what_is_not_a_url_cannot_be_signed(url):
    with pytest.raises(ValueError, match="not a URL"):
        make_bewit(key=KEY, id=ID, exp=EXP, url=url)


def test_what_is_not_an_origin_cannot_be_signed():
    with pytest.raises(ValueError, match="not an origin"):
        compute_mac(key=KEY, exp=EXP, resource="/", origin="localhost:9400")


@pytest.mark.parametrize("change", [{"id": ""}, {"id": "a\\b"}, {"ext": "a\\b"}])
def test_a_bewit_that_could_not_be_read_back_is_not_made(change):
    with pytest.raises(ValueError, match="must not be empty"):
        signed(**change)


@pytest.mark.parametrize("change", [{"id": "用户"}, {"ext": "状态"}])
def test_a_character_that_a_bewit_cannot_hold_is_refused(change):
    with pytest.raises(ValueError, match=r"U\+00FF"):
        signed(**change)


@pytest.mark.parametrize(
    ("target", "resource"),
    [
        ("/p?&bewit=X", "/p?"),
        ("/p?bewit=X", "/p"),
        ("/p?bewit=X&a=1", "/p?a=1"),
        ("/p?&bewit=X&next=/x", "/p?&next=/x"),
        ("/p?a=1&bewit=X&b=2", "/p?a=1&b=2"),
        ("/p?a=$&bewit=X", "/p?a=$"),
        ("/p&bewit=X", "/p"),
        ("/p?#top&bewit=X", "/p?#top"),
    ],
)
def test_the_resource_is_what_is_left_without_the_bewit(target, resource):
    assert split_target(target) == (resource, "X")


def test_of_two_bewits_the_last_one_counts_and_the_first_is_signed():
    assert split_target("/p?bewit=A&bewit=B") == ("/p?bewit=A", "B")


@pytest.mark.parametrize(
    "target",
    [
        "/p",
        "",
        "/p?a=1",
        "/p?Bewit=X",
        "/p?bewit=X&",
        "/p?bewit=X$",
        "p?bewit=X",
        "/p?xbewit=X",
        "/p\n?bewit=X",
        "/p\r?bewit=X",
        "/p?bewit=X&a\u2028b",
        "http://h/p?bewit=X",
    ],
)
def test_a_target_without_a_bewit_is_unauthorized(target):
    assert refusal(target) == ("pattern", 401, "Unauthorized")


def test_a_line_end_after_the_bewit_belongs_to_it():
    assert split_target("/p?bewit=X\n") == ("/p", "X\n")


def test_an_untouched_link_is_accepted(target):
    found = check(target)
    assert (found.id, found.exp, found.ext) == (ID, EXP, "txn_42")


def test_head_opens_a_link_as_get_does(target):
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
    assert refusal("/p?bewit=") == ("empty", 401, "Empty bewit")
    assert refusal("/p?&bewit=&a=1") == ("empty", 401, "Empty bewit")


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "get", ""])
def test_other_methods_are_refused(target, method):
    assert refusal(target, method=method) == ("method", 401, "Invalid method")


def test_an_authorization_header_beside_a_bewit_is_refused(target):
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
    assert refusal(spoil(plain)) == (
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
def test_an_expiry_is_read_as_far_as_it_is_a_number(written, read):
    assert read_bewit(encode(f"a\\{written}\\m\\e")) == Bewit(id="a", exp=read, mac="m", ext="e")


def test_a_monstrous_expiry_does_no_harm():
    monster = "9" * 3000
    assert refusal(spoil(f"{ID}\\{monster}\\m\\"))[2] == "Bad mac"


def test_a_lone_last_character_is_passed_over():
    # 4n + 1 characters: the last one holds six bits of a byte that never comes.
    text = encode("a\\12\\m\\ee")
    assert len(text) % 4 == 0
    assert read_bewit(text + "Q") == read_bewit(text)


def test_a_link_expires_at_its_second():
    target = target_of(signed(exp=2000))
    assert check(target, now=1999.999)
    assert refusal(target, now=2000.0) == ("expired", 401, "Access expired")
    assert refusal(target, now=2000.5) == ("expired", 401, "Access expired")


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
def test_a_link_counts_at_its_own_origin_only(target, origin):
    if origin == "http://localhost:9443":
        # The scheme is not signed, only the port that it stands for when none is written.
        assert check(target, origin=origin)
    else:
        assert refusal(target, origin=origin) == ("mac", 401, "Bad mac")


def test_another_key_is_a_bad_mac(target):
    assert refusal(target, keys={ID: KEY + "x"}) == ("mac", 401, "Bad mac")


def test_a_mac_that_is_no_base64_at_all_is_a_bad_mac():
    assert refusal(spoil(f"{ID}\\{EXP}\\é\\")) == ("mac", 401, "Bad mac")


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({"keys": {}}, True),
        ({"keys": {ID: "wrong"}}, True),
        ({"now": EXP}, True),
        ({"method": "POST"}, False),
    ],
)
def test_a_refusal_brings_the_bewit_along_once_it_was_read(target, change, known):
    with pytest.raises(BewitError) as caught:
        check(target, **change)
    assert (caught.value.bewit == read_bewit(split_target(target)[1])) is known


IN_ORDER = [
    # Each request fails its own check and every later one that it can fail at once.
    ("length", "/" + "x" * 4096),
    ("pattern", "/p"),
    ("empty", "/p?bewit="),
    ("method", "/p?bewit=+"),
    ("encoding", "/p?bewit=+"),
    ("structure", spoil("\\")),
    ("attributes", spoil("\\\\\\")),
    ("expired", spoil("nobody\\1\\m\\")),
    ("credentials", spoil(f"nobody\\{EXP}\\m\\")),
    ("mac", spoil(f"{ID}\\{EXP}\\m\\")),
]


@pytest.mark.parametrize(("expected", "target"), IN_ORDER)
def test_the_first_check_that_fails_is_the_one_that_is_named(expected, target):
    early = expected in {"length", "pattern", "empty", "method"}
    changes = {"method": "POST", "has_authorization": True} if early else {}
    assert refusal(target, **changes)[0] == expected


def test_the_authorization_header_is_judged_before_the_bewit_is_read():
    assert refusal("/p?bewit=+", has_authorization=True)[0] == "authorization"


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
def test_what_is_signed_is_accepted_and_reads_back(url, bewit, key):
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
def test_no_text_does_anything_but_read_or_be_refused(text):
    assert outcome(text) in {"Bewit", "encoding", "structure", "attributes"}


@given(plain=st.binary(max_size=60) | st.from_regex(rb"a*\\[ 0-9+-]*\\[a-z]*\\.*", fullmatch=True))
def test_no_bytes_do_anything_but_read_or_be_refused(plain):
    text = urlsafe_b64encode(plain).rstrip(b"=").decode()
    assert outcome(text) in {"Bewit", "structure", "attributes"}


@given(target=st.text(max_size=80), method=st.sampled_from(["GET", "HEAD", "POST"]))
def test_no_target_passes_without_a_key(target, method):
    with pytest.raises(BewitError):
        check(target, method=method, keys={})
