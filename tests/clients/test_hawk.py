"""Bewits compared with npm's @hapi/hawk in both directions: 1,200 links, and every refusal."""

import random
from base64 import urlsafe_b64encode
from dataclasses import asdict

import pytest

from mockidp.protocol.impersonation.bewit import (
    BewitError,
    check_bewit,
    make_bewit,
    sign_url,
    split_target,
)

LINKS = 1200
REQUESTS_PER_KIND = 40
NOW = 1_700_000_000
# Characters that Node's URL parser does not escape.
UNESCAPED = "abcXYZ019-._~!$()*+,;=:@"
ESCAPES = ["%7C", "%7c", "%2F", "%20", "%E7%8A%B6", "%25", "%3F", "%26bewit%3D"]
HOSTS = ["localhost", "127.0.0.1", "Tenant.Auth0.com", "a", "mock-idp.internal", "[::1]"]
QUERIES = [
    "", "?", "?a=1", "?a=1&b=2", "?&", "?a=%7C", "?next=/x?y", "?bewit2=1", "?a=$", "?bewit=Zm9v",
]  # fmt: skip


def pick_text(rng, alphabet, max_length):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(0, max_length)))


def pick_link(rng):
    """Return random parts of a link."""
    latin = [chr(code) for code in range(256) if chr(code) != "\\"]
    path = "".join(
        "/" + "".join(rng.choice([*UNESCAPED, *ESCAPES]) for _ in range(rng.randint(0, 8)))
        for _ in range(rng.randint(1, 4))
    )
    host = rng.choice(HOSTS)
    return {
        "origin": rng.choice(["http://", "https://"])
        + host
        + rng.choice(["", "", ":80", ":443", ":9400", ":9443", ":65535"]),
        "resource": rng.choice(["/users/auth0%7C123/impersonate", path])
        + rng.choice([*QUERIES, "?"]),
        "id": pick_text(rng, latin, 20) or "id",
        "key": pick_text(rng, [*latin, "键", "🔑"], 40) or "key",
        "exp": rng.choice([NOW + 1, 4102444800, NOW + rng.randint(1, 10**9)]),
        "ext": rng.choice(
            ["", "txn_42", "a\nb", pick_text(rng, latin, 30), "response_type=code&state=a b"]
        ),
    }


def target_of(link):
    parts = {name: link[name] for name in ("key", "id", "exp", "ext")}
    signed = sign_url(url=link["origin"] + link["resource"], **parts)
    return signed.removeprefix(link["origin"])


def request_for(link, target, **changes):
    """Return a request that opens a link, with changed arguments of `check_bewit`."""
    request = {
        "method": "GET",
        "target": target,
        "origin": link["origin"],
        "has_authorization": False,
        "keys": {link["id"]: link["key"]},
        "now": NOW,
    }
    return request | changes


def as_hawk_request(request):
    """Return the request as the reference's server expects it."""
    scheme, _, host = request["origin"].partition("://")
    authorization = {"authorization": "Bearer x"} if request["has_authorization"] else {}
    converted = {
        "method": request["method"],
        "url": request["target"],
        "encrypted": scheme == "https",
    }
    if host.startswith("["):
        # The reference's server keeps the brackets of a Host header, but its client omits them.
        name, _, port = host[1:].partition("]")
        port = port[1:] or (443 if scheme == "https" else 80)
        converted |= {"host": name, "port": port, **authorization}
    else:
        converted |= {"headers": {"host": host, **authorization}}
    return {"request": converted, "keys": request["keys"], "now": request["now"]}


def verdict_of(request):
    try:
        return {"status": 200, "message": "", "attributes": asdict(check_bewit(**request))}
    except BewitError as error:
        return {"status": error.status, "message": error.message}


def encode(plain):
    return urlsafe_b64encode(plain.encode("latin-1")).rstrip(b"=").decode()


def target_with_bewit(rng, *parts):
    return f"/p{rng.choice(['?', '?&', '?a=1&'])}bewit={encode(chr(92).join(parts))}"


def pick_number(rng):
    return rng.choice(["", " ", "x", "0", "-0", "+0", "00", ".5", "0x10", "+-1", "\x855", "²"])


def pick_past(rng):
    return rng.choice(["1", "-1", "12.7", "9e99", " 7", "\xa07", "\t7", "+7", "007", str(NOW)])


def pick_future(rng):
    return rng.choice(
        [str(NOW + 1), f" {NOW + 1}", f"{NOW + 1}x", f"+{NOW + 1}", f"0{NOW + 1}.9", "9" * 400]
    )


def change_target(rng, target):
    """Change a link as mail programs, proxies and developers do."""
    changes = [
        target + "&next=/admin",
        target.replace("bewit=", "next=%2F&bewit=", 1),
        target.replace("bewit=", "bewit=QUJD&bewit=", 1),
        target + "&bewit=" + split_target(target)[1][::-1],
        target.replace("/", "//", 1),
        target[0] + "x" + target[1:],
        target + "A",
        target[:-1] + ("A" if target[-1] != "A" else "Q"),
        target + "\n",
        target + "\u2028",
        target + "&",
        target + "&x\r",
        target + "$",
        target + "#top",
        target + "=",
        target.lower(),
        target.replace("bewit=", "Bewit=", 1),
        target[: rng.randint(0, len(target))],
    ]
    return rng.choice(changes)


def change_character(rng, target):
    at = rng.randrange(len(target))
    return target[:at] + rng.choice("aZ9_-%=&?$/\\ \n\x85\xe9") + target[at + 1 :]


# Each kind makes a request from a random generator, a link and its target.
KINDS = {
    "unchanged": lambda _, link, target: request_for(link, target),
    "head": lambda _, link, target: request_for(link, target, method="HEAD"),
    "too long": lambda c, link, target: request_for(
        link, target.ljust(4096, "A") + "A" * c.randint(1, 9)
    ),
    "maximum length": lambda _, link, target: request_for(link, target.ljust(4096, "A")),
    "no bewit": lambda c, link, _: request_for(
        link, c.choice(["", "p?", "/p?a=1", "/p?xbewit=", "/p?bewit=A&", "/p?bewit", "*"])
    ),
    "empty bewit": lambda c, link, target: request_for(
        link, target.split("bewit=", 1)[0] + "bewit=" + c.choice(["", "&a=1"])
    ),
    "method": lambda c, link, target: request_for(
        link, target, method=c.choice(["POST", "PUT", "get", "OPTIONS", "DELETE"])
    ),
    "authorization": lambda _, link, target: request_for(link, target, has_authorization=True),
    "encoding": lambda c, link, target: request_for(
        link, target + c.choice(["=", "==", "%3D", "+", "/", " ", "é", "\n", "\0", ".", "|"])
    ),
    "structure": lambda c, link, _: request_for(
        link, target_with_bewit(c, *["x"] * c.choice([1, 2, 3, 5, 6]))
    ),
    "attributes": lambda c, link, _: request_for(
        link,
        target_with_bewit(
            c,
            *c.choice(
                [("", "1", "m", ""), ("a", "1", "", "e"), (link["id"], pick_number(c), "m", "")]
            ),
        ),
    ),
    "expired": lambda c, link, target: request_for(
        link, target, now=link["exp"] + c.choice([0, 0.001, 1, 10**6])
    ),
    "expired, unusual number": lambda c, link, _: request_for(
        link, target_with_bewit(c, link["id"], pick_past(c), "m", "e")
    ),
    "not yet expired": lambda _, link, target: request_for(link, target, now=link["exp"] - 0.001),
    "unknown id": lambda c, link, target: request_for(
        link, target, keys=c.choice([{}, {"": "k"}, {link["id"] + "x": link["key"]}])
    ),
    "another key": lambda _, link, target: request_for(link, target, keys={link["id"]: "other"}),
    "another mac": lambda c, link, _: request_for(
        link,
        target_with_bewit(c, link["id"], pick_future(c), c.choice(["m", "é", "\n", "=" * 44]), "e"),
    ),
    "another origin": lambda c, link, target: request_for(
        link,
        target,
        origin=c.choice(
            ["http://localhost:1", "https://other", "http://LOCALHOST", "http://[::1]"]
        ),
    ),
    "changed": lambda c, link, target: request_for(link, change_target(c, target)),
    "one character": lambda c, link, target: request_for(link, change_character(c, target)),
    "several errors": lambda c, link, target: request_for(
        link,
        change_target(c, target),
        method=c.choice(["GET", "POST"]),
        has_authorization=c.choice([True, False]),
        now=c.choice([NOW, 10**12]),
        keys=c.choice([{}, {link["id"]: "other"}]),
    ),
}
REFUSALS = {
    (400, "Resource path exceeds max length"),
    (401, "Unauthorized"),
    (401, "Empty bewit"),
    (401, "Invalid method"),
    (400, "Multiple authentications"),
    (400, "Invalid bewit encoding"),
    (400, "Invalid bewit structure"),
    (400, "Missing bewit attributes"),
    (401, "Access expired"),
    (401, "Unknown credentials"),
    (401, "Bad mac"),
}


@pytest.fixture(scope="module")
def links():
    rng = random.Random(2015)
    return [pick_link(rng) for _ in range(LINKS)]


@pytest.fixture(scope="module")
def requests(links):
    """Return requests by kind. The first kind opens every link."""
    rng = random.Random(2016)
    made = {
        kind: [make(rng, link, target_of(link)) for link in rng.sample(links, k=REQUESTS_PER_KIND)]
        for kind, make in KINDS.items()
    }
    return made | {"unchanged": [request_for(link, target_of(link)) for link in links]}


@pytest.fixture(scope="module")
def reference(node, links, requests):
    """Return the bewits and verdicts of the reference, from one process."""
    all_requests = [as_hawk_request(request) for kind in requests.values() for request in kind]
    all_links = [{**link, "url": link["origin"] + link["resource"]} for link in links]
    answer = node("hawk.cjs", {"links": all_links, "requests": all_requests})
    verdicts = iter(answer["verdicts"])
    return {
        "bewits": answer["bewits"],
        "verdicts": {kind: [next(verdicts) for _ in some] for kind, some in requests.items()},
    }


def test_the_reference_makes_the_same_bewits(links, reference):
    assert len(links) >= 1000
    for link, bewit in zip(links, reference["bewits"], strict=True):
        parts = {name: link[name] for name in ("key", "id", "exp", "ext")}
        assert make_bewit(url=link["origin"] + link["resource"], **parts) == bewit, link


def test_mockidp_accepts_the_bewits_of_the_reference(links, reference):
    for link, bewit in zip(links, reference["bewits"], strict=True):
        mark = "&" if "?" in link["resource"] else "?"
        request = request_for(link, f"{link['resource']}{mark}bewit={bewit}")
        found = check_bewit(**request)
        assert (found.id, found.exp, found.ext) == (link["id"], link["exp"], link["ext"])


def test_the_reference_accepts_the_links_of_mockidp(links, reference):
    for link, verdict in zip(links, reference["verdicts"]["unchanged"], strict=True):
        assert verdict["status"] == 200, (link, verdict)
        assert verdict["attributes"]["ext"] == link["ext"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_verdicts_are_those_of_the_reference(kind, requests, reference):
    for request, verdict in zip(requests[kind], reference["verdicts"][kind], strict=True):
        assert verdict_of(request) == verdict, request


def test_the_requests_cause_every_refusal_of_the_reference(requests, reference):
    refusals = [
        (verdict["status"], verdict["message"])
        for verdicts in reference["verdicts"].values()
        for verdict in verdicts
        if verdict["status"] != 200
    ]
    assert set(refusals) == REFUSALS
    assert len(refusals) >= 200
    assert min(refusals.count(refusal) for refusal in REFUSALS) >= 20
