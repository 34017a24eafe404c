"""The Management API among 10 users and among 50,000: calls, searches and an import.

Times are processor time of the server, so other load on the machine changes them little. No peer
has the API: `@simulacrum/auth0-simulator` 0.11.4 has logins only.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from load import drive
from process import SERVER_CORE, RunningServer, pinned_client, running
from scratch import Scratch
from servers import Flow, mockidp
from table import Row, interleave, medians, ratio
from wire import body_of, connect, expect, send

FEW = 10
MANY = 50_000
IN_IMPORT = 10_000
_CALLS_EACH = 100
_DATABASE = "Username-Password-Authentication"
_CALLER = "mockidp"
"""The client of tokens from the control API. Only an enabled client may create users."""
_MAX_SECONDS = 120.0
_PLANS = ("free", "pro", "gold")
_SEARCHES = {
    "exact name": 'name:"User 49999"',
    "wildcard": "email:user4999*",
    "metadata": "app_metadata.plan:none",
    "word": "user49999",
}
_LARGE = (
    {"q": "app_metadata.plan:gold", "sort": "name:1", "include_totals": "true", "page": "9"},
    {"sort": "created_at:-1", "per_page": "100", "page": "9"},
)
"""Searches of many results, of which a page is shown."""


class _Client:
    """Calls the Management API of a server."""

    def __init__(self, server: RunningServer, users: int) -> None:
        self.server = server
        self.users = users
        self._numbers = count()
        minted = self._send("POST", "/_mockidp/v1/management-tokens", {}, status=200)
        self._token = json.loads(minted)["access_token"]

    def milliseconds(self, make: "Make", calls: int) -> float:
        """Return the processor time of one call, on average."""

        def flow(_port: int) -> Flow:
            answer = yield make(self, next(self._numbers))
            return body_of(expect(answer, 201 if make is _create else 200))

        before = self.server.processor_seconds()
        done = drive(self.server.port, flow, seconds=_MAX_SECONDS, count=calls, connections=1)
        return (self.server.processor_seconds() - before) * 1000 / done.flows

    def call(self, method: str, path: str, body: object = None, *, status: int) -> bytes:
        """Call the API once, and return the body of the answer."""
        return self._send(method, f"/api/v2{path}", body, status=status)

    def request(self, method: str, path: str, body: object = None, **query: str) -> bytes:
        """Return a request."""
        target = f"/api/v2{path}" + (f"?{urlencode(query)}" if query else "")
        return self._request(method, target, body)

    def upload(self, parts: Mapping[str, str]) -> bytes:
        """Return the request of an import: a form with files."""
        lines = []
        for name, text in parts.items():
            lines += ["--part", f'Content-Disposition: form-data; name="{name}"', "", text]
        body = "\r\n".join([*lines, "--part--", ""]).encode()
        kind = "multipart/form-data; boundary=part"
        return self._head("POST", "/api/v2/jobs/users-imports", kind, len(body)) + body

    def _send(self, method: str, target: str, body: object, *, status: int) -> bytes:
        with connect(self.server.port, timeout=_MAX_SECONDS) as sock:
            return body_of(expect(send(sock, self._request(method, target, body)), status))

    def _request(self, method: str, target: str, body: object) -> bytes:
        data = b"" if body is None else json.dumps(body).encode()
        return self._head(method, target, "application/json", len(data)) + data

    def _head(self, method: str, target: str, kind: str, length: int) -> bytes:
        token = f"Authorization: Bearer {self._token}\r\n" if hasattr(self, "_token") else ""
        return (
            f"{method} {target} HTTP/1.1\r\nHost: localhost:{self.server.port}\r\n{token}"
            f"Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        ).encode()


Make = Callable[[_Client, int], bytes]
"""Returns a request; the number is another one each time."""


def _id(number: int) -> str:
    return f"auth0%7C{number:06}"


def _create(to: _Client, number: int) -> bytes:
    email = f"new{number}@acme.example"
    body = {"connection": _DATABASE, "email": email, "password": "Passw0rd!"}
    return to.request("POST", "/users", body)


def _search(**query: str) -> Make:
    return lambda to, _number: to.request("GET", "/users", **query)


_CALLS: Mapping[str, Make] = {
    "read a user": lambda to, number: to.request("GET", f"/users/{_id(number % to.users)}"),
    "change a user": lambda to, number: to.request(
        "PATCH", f"/users/{_id(number % to.users)}", {"user_metadata": {"number": number}}
    ),
    "create a user": _create,
    "list 10 users with the total": _search(per_page="10", include_totals="true"),
    "search an e-mail address": lambda to, number: to.request(
        "GET", "/users", q=f'email:"user{number % to.users}@acme.example"'
    ),
}  # fmt: skip


def measure(scratch: Scratch, *, quick: bool) -> list[Row]:
    """Measure both tenants on one core, alternately; then searches and an import in the large."""
    rounds = 3 if quick else 9
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        few, many = (
            _Client(stack.enter_context(_serving(scratch, Path(folder), users)), users)
            for users in (FEW, MANY)
        )
        stack.enter_context(pinned_client())
        calls = [_calls(what, make, few, many, rounds) for what, make in _CALLS.items()]
        return [*calls, *_searches(many, rounds), _memory(many), _import(many)]


def _serving(scratch: Scratch, folder: Path, users: int) -> AbstractContextManager[RunningServer]:
    file = folder / f"{users}.json"
    document = {
        "clients": [{"client_id": _CALLER}],
        "connections": [{"name": _DATABASE, "strategy": "auth0", "enabled_clients": [_CALLER]}],
        "users": [_user(number) for number in range(users)],
    }
    file.write_text(json.dumps(document))
    measured = mockidp(scratch, str(file), "--no-tls")
    return running(measured, core=SERVER_CORE, timeout=_MAX_SECONDS)


def _user(number: int) -> dict[str, object]:
    return {
        "user_id": f"auth0|{number:06}",
        "email": f"user{number}@acme.example",
        "name": f"User {number}",
        "app_metadata": {"plan": _PLANS[number % len(_PLANS)]},
    }


def _calls(what: str, make: Make, few: _Client, many: _Client, rounds: int) -> Row:
    measures = {
        f"among {one.users:,}": partial(one.milliseconds, make, _CALLS_EACH) for one in (few, many)
    }
    for warm_up in measures.values():
        warm_up()
    figures = interleave(measures, rounds)
    return Row(
        what=f"{what}, among {MANY:,} / among {FEW}",
        figures=medians(figures, " ms", digits=2),
        samples=figures,
        value=ratio(figures, f"among {MANY:,}", f"among {FEW}"),
        bar=1.5,
        at_most=True,
    )


def _searches(many: _Client, rounds: int) -> list[Row]:
    page = _search(per_page="100", page="9")
    queries = {name: _search(q=q, include_totals="true") for name, q in _SEARCHES.items()}
    measures = {
        name: partial(many.milliseconds, make, 2)
        for name, make in {**queries, "sorted": _search(sort="created_at:-1")}.items()
    }
    figures = {**interleave({**measures, "page": partial(many.milliseconds, page, 20)}, rounds)}
    return [
        Row(
            what=f"search of all {MANY:,} users, {name} / a page of 100",
            figures=medians({name: figures[name], "page": figures["page"]}, " ms", digits=1),
            samples=figures if name == "sorted" else {},
            value=ratio(figures, name, "page"),
            bar=50,
            at_most=True,
        )
        for name in measures
    ]


def _memory(many: _Client) -> Row:
    """Compare the peak of memory before and after a page is taken from tens of thousands."""
    for query in _LARGE:
        many.milliseconds(_search(**{**query, "page": "0", "per_page": "10"}), 1)
    before = many.server.peak_mb()
    for query in _LARGE:
        many.milliseconds(_search(**query), 1)
    growth = {"growth": [many.server.peak_mb() - before]}
    return Row(
        what=f"peak memory of a page among up to {MANY:,} sorted results, beyond the first page",
        figures=medians(growth, " MB", digits=1),
        samples=growth,
        value=growth["growth"][0],
        bar=2,
        at_most=True,
        unit="MB",
    )


def _import(many: _Client) -> Row:
    """Import users, and compare the time of each with that of a call that creates one."""
    (connection,) = json.loads(many.call("GET", "/connections", status=200))
    people = [{"email": f"i{number}@acme.example"} for number in range(IN_IMPORT)]
    file = json.dumps(people, separators=(",", ":"))
    before = many.server.processor_seconds()
    with connect(many.server.port, timeout=_MAX_SECONDS) as sock:
        request = many.upload({"connection_id": connection["id"], "users": file})
        job = json.loads(body_of(expect(send(sock, request), 202)))
    seconds = many.server.processor_seconds() - before
    summary = json.loads(many.call("GET", f"/jobs/{job['id']}", status=200))["summary"]
    if summary["inserted"] != IN_IMPORT:
        raise RuntimeError(f"expected {IN_IMPORT} new users, got {summary}")
    figures = {
        "each in the job": [seconds * 1000 / IN_IMPORT],
        "each by a call": [many.milliseconds(_create, _CALLS_EACH)],
    }
    return Row(
        what=f"import {IN_IMPORT:,} users in a job / create them one by one",
        figures=medians(figures, " ms", digits=2),
        samples=figures,
        value=ratio(figures, "each in the job", "each by a call"),
        bar=1.0,
        at_most=True,
    )
