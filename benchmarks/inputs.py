"""Requests of any size, with one kind for each part of a request that can be large.

Most of them are refused, because a refusal with its hint takes longest.
"""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from urllib.parse import quote

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
Make = Callable[[int], bytes]
"""Returns a request whose input has about the given number of bytes."""


def request(method: str, target: str, *headers: str, body: bytes = b"", kind: str = "") -> bytes:
    """Return a request."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *headers]
    if kind:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _header(text: Callable[[int], str]) -> Make:
    return lambda size: request("GET", "/userinfo", text(size))


def _query(path: str, text: Callable[[int], str]) -> Make:
    # A target of over 16,000 characters is refused unread.
    return lambda size: request("GET", f"{path}?{text(min(size, 15_500))}"[:15_990])


def _form(path: str, text: Callable[[int], str]) -> Make:
    return lambda size: request("POST", path, body=text(size).encode(), kind=FORM)


def _json(path: str, value: Callable[[int], object], method: str = "POST") -> Make:
    return lambda size: request(method, path, body=json.dumps(value(size)).encode(), kind=JSON)


def _repeat(pattern: str, between: str = "") -> Callable[[int], str]:
    """Return a function that builds a text of a given size from numbered pieces."""

    def make(size: int) -> str:
        length = len(pattern.format(1000)) + len(between)
        return between.join(pattern.format(number) for number in range(max(1, size // length)))

    return make


def _nested(size: int) -> object:
    """Return many values nested as deep as the parser allows."""
    one: object = 1
    for _level in range(12):
        one = {"a": [one]}
    return {"client_id": "acme-web", "x": [one] * max(1, size // 84)}


def _chunked(size: int) -> bytes:
    head = request("POST", "/oauth/token", f"Content-Type: {FORM}", "Transfer-Encoding: chunked")
    return head + b"1\r\nx\r\n" * (size // 6) + b"0\r\n\r\n"


def _jwt(size: int) -> str:
    head = urlsafe_b64encode(b'{"alg":"RS256","kid":"x"}').decode().rstrip("=")
    claims = json.dumps({f"claim{number}": number for number in range(max(1, size // 26))})
    return f"{head}.{urlsafe_b64encode(claims.encode()).decode().rstrip('=')}.AAAA"


def _bewit(size: int) -> str:
    text = f"id\\2000000000\\{'m' * (size // 2)}\\{'e' * (size // 8)}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


_LINK = "/users/auth0%7Calice/impersonate"
_AUTHORIZE = "client_id=acme-web&response_type=code&redirect_uri="
_CODE = "grant_type=authorization_code&client_id=acme-web&client_secret=acme-web-secret&code="
_MACHINE = "grant_type=client_credentials&client_id=acme-m2m&client_secret=acme-m2m-secret"
_CONTROL = "/_mockidp/v1"

KINDS: Mapping[str, Make] = {
    "header": _header(lambda size: "X-Filler: " + "a" * size),
    "header of blanks": _header(lambda size: "X-Filler: a" + " " * size + "a"),
    "header that is malformed": _header(lambda size: "X-Filler: a" + " " * size + "\x01"),
    "headers": _header(_repeat("X-Filler-{}: a", "\r\n")),
    "headers of one name": _header(_repeat("X-Filler: {}", "\r\n")),
    "cookie": _header(lambda size: "Cookie: auth0-http=" + "a" * size),
    "cookies": _header(lambda size: "Cookie: " + _repeat("c{}=1", "; ")(size)),
    "basic auth": lambda size: request(
        "POST", "/oauth/token",
        "Authorization: Basic " + b64encode(b"acme-web:" + b"%41" * (size // 4)).decode(),
        body=b"grant_type=client_credentials", kind=FORM,
    ),
    "bearer token": _header(lambda size: f"Authorization: Bearer {'a' * size}"),
    "JWT": _header(lambda size: f"Authorization: Bearer {_jwt(size)}"),
    "JWT of dots": _header(lambda size: f"Authorization: Bearer {'a.' * (size // 2)}"),
    "origin": lambda size: request(
        "POST", "/oauth/token", "Origin: http://" + "a." * (size // 2) + "b",
        body=b"client_id=acme-spa", kind=FORM,
    ),
    "forwarded host": _header(lambda size: "X-Forwarded-Host: " + "a." * (size // 2)),
    "path": lambda size: request("GET", "/" + "a/" * (min(size, 15_900) // 2)),
    "path of escapes": lambda size: request("GET", "/" + "%41" * (min(size, 15_900) // 3)),
    "query": _query("/authorize", lambda size: "client_id=" + "a" * size),
    "query of escapes": _query("/authorize", lambda size: "client_id=" + "%C3%A9" * (size // 6)),
    "query of unknown names": _query(
        "/authorize",
        lambda size: f"{_AUTHORIZE}http://localhost:3000/callback&"
        + "&".join(f"redirect_uris{number}=1" for number in range(min(90, size // 20))),
    ),
    "query of many": _query("/authorize", _repeat("p{}=1", "&")),
    "redirect_uri": _query(
        "/authorize", lambda size: f"{_AUTHORIZE}http://localhost:3000/{'a' * size}"
    ),
    "redirect_uri with a long host": _query(
        "/authorize", lambda size: f"{_AUTHORIZE}https://{'a.' * (size // 2)}b/callback"
    ),
    "redirect_uri in escapes": _query(
        "/authorize", lambda size: _AUTHORIZE + "%2541" * (size // 5)
    ),
    "scope": _query(
        "/authorize",
        lambda size: f"{_AUTHORIZE}http://localhost:3000/callback&scope="
        + _repeat("s:{}", "%20")(size),
    ),
    "scope of a machine": _form(
        "/oauth/token",
        lambda size: f"{_MACHINE}&audience=https://api.acme.example/&scope="
        + _repeat("s:{}", "+")(size),
    ),
    "audience": _form(
        "/oauth/token",
        lambda size: f"{_MACHINE}&audience=" + _repeat("a{}", ",")(size),
    ),
    "state": _query("/u/login", lambda size: "state=" + "a" * size),
    "returnTo": _query(
        "/v2/logout", lambda size: f"client_id=acme-web&returnTo=http://{'a' * size}"
    ),
    "id_token_hint": _query("/oidc/logout", lambda size: f"id_token_hint={_jwt(size)}"),
    "link's bewit": _query(_LINK, lambda size: f"bewit={_bewit(size)}"),
    "link's parameters": _query(_LINK, lambda size: _repeat("p{}=1", "&")(size) + "&bewit=YQ"),
    "link of ampersands": _query(_LINK, lambda size: "&amp;" * (size // 5) + "bewit=YQ"),
    "link of bewits": _query(_LINK, lambda size: "&bewit=YQ" * (size // 9)),
    "form": _form("/oauth/token", lambda size: "client_id=" + "a" * size),
    "form of a word": _form("/oauth/token", lambda size: "x=" + "bewit" * (size // 5) + "="),
    "form of many": _form("/oauth/token", _repeat("p{}=1", "&")),
    "form of escapes": _form("/oauth/token", lambda size: "client_id=" + "%C3%A9" * (size // 6)),
    "form without names": _form("/oauth/token", lambda size: "&" * size),
    "code": _form("/oauth/token", lambda size: _CODE + "a" * size),
    "code_verifier": _form("/oauth/token", lambda size: f"{_CODE}x&code_verifier={'a' * size}"),
    "client_secret": _form(
        "/oauth/token",
        lambda size: f"grant_type=x&client_id=acme-web&client_secret={'%7B' * (size // 3)}",
    ),
    "username": _form(
        "/oauth/token",
        lambda size: "grant_type=password&client_id=acme-web&client_secret=acme-web-secret"
        f"&password=x&username={'a' * size}",
    ),
    "JSON text": _json("/oauth/token", lambda size: {"client_id": "a" * size}),
    "JSON text of escapes": _json("/oauth/token", lambda size: {"client_id": "é" * (size // 6)}),
    "JSON of many": _json(
        "/oauth/token", lambda size: {f"p{number}": 1 for number in range(size // 9)}
    ),
    "JSON that is nested": _json("/oauth/token", _nested),
    "JSON that is too deep": lambda size: request(
        "POST", "/oauth/token", body=b'{"a":' * (size // 6) + b"1" + b"}" * (size // 6), kind=JSON
    ),
    "JSON number": lambda size: request(
        "POST", "/oauth/token", body=b'{"a":' + b"9" * size + b"}", kind=JSON
    ),
    "chunks": _chunked,
    "tenant document": _json(
        f"{_CONTROL}/tenant",
        lambda size: {
            "clients": [
                {"client_id": f"c{number}", "callbacks": [f"https://a{number}.example/callback"]}
                for number in range(max(1, size // 75))
            ]
        },
        "PUT",
    ),
    "tenant document of one value": _json(
        f"{_CONTROL}/tenant", lambda size: {"tenant": {"friendly_name": "a" * size}}, "PUT"
    ),
    "fault document": _json(
        f"{_CONTROL}/faults",
        lambda size: {
            "endpoint": "userinfo", "status": 503, "times": 1, "when": {"client": "nobody"},
            "headers": {f"X-{number}": "a" for number in range(max(1, size // 14))},
        },
    ),
    "claims to mint": _json(
        f"{_CONTROL}/tokens",
        lambda size: {
            "user": "alice", "claims": {f"c{number}": "a" for number in range(max(1, size // 14))}
        },
    ),
    "explained JWT": _json(f"{_CONTROL}/explain", lambda size: {"thing": _jwt(size)}),
    "explained link": _json(
        f"{_CONTROL}/explain",
        lambda size: {"thing": f"http://localhost{_LINK}?{'p=1&' * (size // 4)}bewit=YQ"},
    ),
    "explained text": _json(
        f"{_CONTROL}/explain", lambda size: {"thing": quote("é") * (size // 6)}
    ),
}  # fmt: skip
"""The kinds by their names in the table."""


def _users(role: str) -> object:
    return {
        "roles": [{"name": "reader"}],
        "users": [
            {"user_id": f"auth0|{number}", "email": f"{number}@acme.example", "roles": [role]}
            for number in range(2000)
        ],
    }


def _grants(prefix: str) -> object:
    return {
        "clients": [{"client_id": f"client-{number}"} for number in range(1500)],
        "resourceServers": [{"identifier": "https://api.example/"}],
        "clientGrants": [
            {"client_id": f"{prefix}-{number}", "audience": "https://api.example/", "scope": []}
            for number in range(1500)
        ],
    }


def _headers(name: str) -> object:
    """Return a fault with 16,000 fields, below `headers` or as unknown keys of the fault."""
    fields = {f"X-{number}": "a" for number in range(16_000)}
    return {"endpoint": "userinfo", "status": 503} | ({"headers": fields} if name else fields)


def _put(document: object) -> bytes:
    return request("PUT", f"{_CONTROL}/tenant", body=json.dumps(document).encode(), kind=JSON)


def _add_fault(document: object) -> bytes:
    return request("POST", f"{_CONTROL}/faults", body=json.dumps(document).encode(), kind=JSON)


ERRORS: Mapping[str, tuple[bytes, bytes]] = {
    "clients with grants for unknown clients": (_put(_grants("client")), _put(_grants("klient"))),
    "users with unknown roles": (_put(_users("reader")), _put(_users("raeder"))),
    "a fault with unknown keys": (_add_fault(_headers("headers")), _add_fault(_headers(""))),
}
"""Pairs of requests of the same size, the second with thousands of errors."""
