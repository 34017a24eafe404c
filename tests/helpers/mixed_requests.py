"""Random requests from a seed: headers and bodies of every kind, for every endpoint."""

import json
from urllib.parse import quote

from mockidp.web import endpoints, hosted
from mockidp.web.control import ROUTES as CONTROL
from mockidp.web.control.operations import ROUTES as OPERATIONS
from mockidp.web.endpoints.unmatched import PATHS

METHODS = [
    "GET",
    "GET",
    "POST",
    "POST",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "BREW",
]
ROUTES = (*endpoints.routes(), *hosted.routes(), *CONTROL, *OPERATIONS)
OTHERS = sorted({*PATHS, "/", "/nowhere", "/t/x/authorize", "/_mockidp/", "/_mockidp/try"})
IDS = ["acme-web", "auth0%7Calice", "a%2Fb", "%ff", "x" * 300, "..", "%00"]
NAMES = [
    "client_id", "client_secret", "grant_type", "code", "redirect_uri", "response_type", "state",
    "response_mode", "prompt", "max_age", "scope", "audience", "organization", "connection",
    "nonce", "code_challenge", "code_challenge_method", "code_verifier", "refresh_token", "token",
    "username", "password", "realm", "returnTo", "post_logout_redirect_uri", "id_token_hint",
    "access_token", "bewit", "impersonator_id", "additionalParameters", "action", "user_id",
    "user", "thing", "claims", "callbacks", "clients", "users", "tenant", "mockidp", "endpoint",
    "error", "times", "claim", "value", "path", "snapshot", "name", "a[b]", "é", "",
]  # fmt: skip
TEXTS = [
    "acme-web", "acme-web-secret", "acme-spa", "auth0|alice", "alice@acme.example", "code", "none",
    "authorization_code", "client_credentials", "refresh_token", "password", "openid profile",
    "http://localhost:3000/callback", "http://localhost:99999/", "http://[", "https://a..b/",
    "https://api.acme.example/", "web_message", "form_post", "S256", "plain", "token", "userinfo",
    "javascript:alert(1)", "e30.e30.e30", "a.b.c", "YWxpY2U", "\0", "\r\nX-Evil: 1", "\ud7ff", "日本",
    "%", "%zz", "", " ", "x" * 5000, "[]", "{}", "null", "undefined", "-1", "1e400", "9" * 400,
]  # fmt: skip
VALUES = [None, True, False, 0, -1, 2**70, 1.5, 1e300, [], {}, [[]], [None], {"": None}]
HEADERS = [
    "Authorization", "Cookie", "Origin", "Accept", "DPoP", "X-Forwarded-Host", "X-Forwarded-Proto",
    "X-Forwarded-For", "Content-Encoding", "Expect", "Range", "If-None-Match", "Sec-Fetch-Site",
    "Access-Control-Request-Method", "Access-Control-Request-Headers", "auth0-forwarded-for", "Host",
]  # fmt: skip
CREDENTIALS = ["Basic ", "Bearer ", "basic YWNtZS13ZWI6", "Basic %%%", "Digest x", ""]
KINDS = [
    "application/x-www-form-urlencoded",
    "application/json",
    "text/plain",
    "",
    "a/b; charset=ü",
]


def make_requests(random, host):
    """Yield the bytes of one connection each: one to three requests, which may be damaged."""
    while True:
        data = b"".join(_request(random, host) for _ in range(random.choice([1, 1, 2, 3])))
        if random.random() < 0.15:
            data = _damage(random, data)
        yield data


def _request(random, host):
    body, kind = _body(random)
    lines = [f"{_method_and_target(random)} HTTP/1.1", f"Host: {host}"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    lines += [_header(random) for _ in range(random.choice([0, 0, 1, 2]))]
    framing = random.random()
    if framing < 0.5:
        lines.append(f"Content-Length: {len(body)}")
    elif framing < 0.8:
        lines.append("Transfer-Encoding: chunked")
        body = _chunks(random, body)
    else:
        body = b""
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def _method_and_target(random):
    route = random.choice(ROUTES)
    method = random.choice(route.methods if random.random() < 0.85 else METHODS)
    target = route.path if random.random() < 0.95 else random.choice(OTHERS)
    while "<" in target:
        before, _, rest = target.partition("<")
        target = before + random.choice(IDS) + rest.partition(">")[2]
    if random.random() < 0.5:
        target += "?" + _form(random)
    return f"{method} {target[:20_000]}"


def _header(random):
    name = random.choice(HEADERS)
    if name == "Authorization":
        value = random.choice(CREDENTIALS) + quote(random.choice(TEXTS))
    elif name == "Cookie":
        value = f"auth0-http={quote(random.choice(TEXTS))}; {random.choice(NAMES)}=;=;x"
    elif name == "Host":
        value = random.choice(["localhost", "a..b", "evil.example", "localhost:99999"])
    elif name == "Expect":
        value = "100-continue"
    else:
        value = random.choice(TEXTS)
    return f"{name}: {value}".replace("\r\n", " ").replace("\0", "")


def _form(random):
    pairs = [(random.choice(NAMES), _text(random)) for _ in range(random.randrange(8))]
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)


def _text(random):
    return random.choice(TEXTS)


def _json(random, depth=0):
    if depth > 3 or random.random() < 0.5:
        return random.choice([random.choice(TEXTS), random.choice(VALUES)])
    if random.random() < 0.3:
        return [_json(random, depth + 1) for _ in range(random.randrange(4))]
    return {random.choice(NAMES): _json(random, depth + 1) for _ in range(random.randrange(5))}


def _body(random):
    shape = random.random()
    if shape < 0.4:
        return _form(random).encode(), random.choice(KINDS[:2] + KINDS[:1])
    if shape < 0.8:
        document = {random.choice(NAMES): _json(random) for _ in range(random.randrange(8))}
        return json.dumps(document).encode(), random.choice(KINDS[:2] + KINDS[1:2])
    if shape < 0.9:
        depth = random.choice([10, 500, 990, 20_000])
        return b'{"a":' * depth + b"1" + b"}" * depth, "application/json"
    return random.randbytes(random.choice([0, 1, 50, 70_000])), random.choice(KINDS)


def _chunks(random, body):
    pieces, at = [], 0
    while at < len(body):
        size = random.choice([1, 7, 1000, 40_000])
        piece = body[at : at + size]
        pieces.append(b"%x\r\n%s\r\n" % (len(piece), piece))
        at += size
    return b"".join(pieces) + b"0\r\n\r\n"


def _damage(random, data):
    at = random.randrange(len(data))
    what = random.random()
    if what < 0.4:
        return data[:at]
    if what < 0.7:
        return data[:at] + random.randbytes(random.randrange(1, 9)) + data[at:]
    return data[:at] + random.choice([b"\n", b"\r", b"\0", b"\r\n\r\n", b" "]) + data[at + 1 :]
