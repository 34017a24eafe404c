"""Two mocks with one Redis: races that one of 50 threads wins, and a mock that is killed."""

import http.client
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from table import Row

ROUNDS, USERS = 1000, 2000
THREADS = 50
_CALLBACK = "http://localhost:3000/callback"
_VERIFIER = "v" * 43
_WEB = {"client_id": "acme-web", "client_secret": "acme-web-secret", "redirect_uri": _CALLBACK}
_SPA = {"client_id": "acme-spa", "redirect_uri": _CALLBACK}
_PKCE = {"code_challenge": _VERIFIER, "code_challenge_method": "plain"}


class Answer:
    """The answer to a request."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.location = response.headers.get("Location", "")
        set_cookies = response.headers.get_all("Set-Cookie", [])
        self.cookie = "; ".join(one.partition(";")[0] for one in set_cookies)
        self.body = response.read()

    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    port: int, method: str, path: str, *, form: Any = None, body: Any = None, cookie: str = ""
) -> Answer:
    """Send a request on a connection of its own."""
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    try:
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        sent = urlencode(form) if form else json.dumps(body) if body is not None else None
        headers = {"Content-Type": kind} if sent else {}
        connection.request(method, path, sent, headers | ({"Cookie": cookie} if cookie else {}))
        return Answer(connection.getresponse())
    finally:
        connection.close()


def _authorize(port: int, cookie: str = "", **query: str) -> Answer:
    query = {"response_type": "code", "redirect_uri": _CALLBACK, "scope": "openid", **query}
    return ask(port, "GET", f"/authorize?{urlencode(query)}", cookie=cookie)


def _signed_in(port: int, **query: str) -> Answer:
    ask(port, "POST", "/_mockidp/v1/sign-ins", body={"user": "alice"})
    return _authorize(port, **query)


def _code(port: int, **query: str) -> str:
    return parse_qs(urlsplit(_signed_in(port, **query).location).query)["code"][0]


def _of_code(port: int) -> Callable[[int], Answer]:
    code = _code(port, client_id="acme-web")
    form = {**_WEB, "grant_type": "authorization_code", "code": code}
    return lambda at: ask(at, "POST", "/oauth/token", form=form)


def _of_refresh_token(port: int) -> Callable[[int], Answer]:
    code = _code(port, client_id="acme-spa", **_PKCE | {"scope": "openid offline_access"})
    form = {**_SPA, "grant_type": "authorization_code", "code": code, "code_verifier": _VERIFIER}
    token = ask(port, "POST", "/oauth/token", form=form).json()["refresh_token"]
    form = {"client_id": "acme-spa", "grant_type": "refresh_token", "refresh_token": token}
    return lambda at: ask(at, "POST", "/oauth/token", form=form)


def _of_link(port: int) -> Callable[[int], Answer]:
    body = {"user": "alice", "state": "s"}
    made = ask(port, "POST", "/_mockidp/v1/impersonation-links", body=body).json()
    path = made["url"].removeprefix(f"http://localhost:{port}")
    return lambda at: ask(at, "GET", path)


def _of_consent(port: int) -> Callable[[int], Answer]:
    api = {"identifier": "urn:ask", "skip_consent_for_verifiable_first_party_clients": False}
    ask(port, "POST", "/_mockidp/v1/apis", body=api)
    cookie = _signed_in(port, client_id="acme-web").cookie
    asking = {"client_id": "acme-web", "audience": "urn:ask", "prompt": "consent"}
    page = _authorize(port, cookie, **asking).location
    while not page.startswith("/u/consent?"):
        page = ask(port, "GET", page, cookie=cookie).location
        assert page, "there is no page for the consent"
    form = {"action": "accept"}

    def accept(at: int) -> Answer:
        accepted = ask(at, "POST", page, form=form, cookie=cookie)
        if accepted.status != 302:
            return accepted
        return ask(at, "GET", accepted.location, cookie=cookie)

    return accept


_KINDS = (_of_code, _of_refresh_token, _of_link, _of_consent)


def race(ports: tuple[int, int], share: float) -> Row:
    """Race codes, refresh tokens, links and consents in 1,000 rounds: each is used exactly once."""
    rounds = max(len(_KINDS), int(ROUNDS * share))
    with ThreadPoolExecutor(THREADS) as threads:
        for number in range(rounds):
            redeem = _KINDS[number % len(_KINDS)](ports[number // len(_KINDS) % 2])
            together = threading.Barrier(THREADS)

            def act(at: int) -> int:
                together.wait()  # noqa: B023 - the round ends before the next one begins
                return redeem(ports[at % 2]).status  # noqa: B023 - as above

            found = Counter(threads.map(act, range(THREADS)))
            won = found[200] + found[302]
            assert won == 1, f"round {number}: {dict(found)}"
            assert set(found) <= {200, 302, 400, 401, 403}, f"round {number}: {dict(found)}"
    figures = f"{rounds:,} codes, refresh tokens, links and consents, each by {THREADS} threads"
    return Row(what="used more or less than once", figures=figures, value=0, unit="")


def kill(ports: tuple[int, int], pid: int, share: float) -> Row:
    """Kill the mock of the second port under load. The first one has all that it acknowledged."""
    users, numbers, written = max(50, int(USERS * share)), count(), list[str]()

    def write() -> None:
        while len(written) < users:
            user = f"auth0|{next(numbers)}"
            if ask(ports[1], "POST", "/_mockidp/v1/users", body={"user_id": user}).status == 200:
                written.append(user)
        os.kill(pid, signal.SIGKILL)

    def write_until_killed() -> None:
        try:
            write()
        except (OSError, http.client.HTTPException):
            return

    with ThreadPoolExecutor(8) as threads:
        for _ in range(8):
            threads.submit(write_until_killed)
    lost = [
        user
        for user in written
        if ask(ports[0], "GET", f"/_mockidp/v1/users/{user.replace('|', '%7C')}").status != 200
    ]
    assert not lost, f"{len(lost)} of {len(written)} acknowledged users are lost"
    figures = f"{len(written):,} users written by a mock that was killed"
    return Row(what="acknowledged changes that were lost", figures=figures, value=0, unit="")
