"""The scenario of the demo: its steps, and the expected answer of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import click

from mockidp.cli.caller import CallResult
from mockidp.cli.demo.environment import AUDIENCE, Stage, send

CALLBACK = "http://localhost:3000/callback"
STATE = "eyJ0YXJnZXQiOiIvYWRtaW4ifQ"
_GLOBAL = ("acme-global", "acme-global-secret")
_M2M = ("acme-m2m", "acme-m2m-secret")
_BAD_MAC = '"error_description":"Impersonation - Bad mac"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """The expected answer of a step: status, texts in body or Location, and in the hint."""

    status: int
    says: tuple[str, ...]
    hint: str = ""

    def is_met_by(self, reply: CallResult) -> bool:
        """Return whether an answer matches."""
        return (
            reply.status == self.status
            and all(text in reply.body + reply.location for text in self.says)
            and self.hint in reply.hint
        )


def tell(stage: Stage) -> list[str]:
    """Run and print every step. Return the titles of those whose answer was unexpected."""
    return _Story(stage).play()


class _Story:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._surprises: list[str] = []

    def play(self) -> list[str]:
        v1_token = self._get_global_token()
        self._follow_a_link(v1_token)
        self._use_a_proper_token()
        self._break_links(v1_token)
        self._ask_with_a_v2_token()
        return self._surprises

    def _get_global_token(self) -> str:
        reply = self._step(
            "the global client asks for a Management API v1 token",
            lambda: self._token(*_GLOBAL),
            Expected(status=200, says=('"token_type":"bearer"',)),
        )
        return str(reply.json().get("access_token", ""))

    def _follow_a_link(self, v1_token: str) -> None:
        link = self._step(
            "it asks for a link that logs an admin in as alice, with a state and an audience",
            lambda: self._ask(v1_token, STATE),
            Expected(
                status=200,
                says=("/users/auth0%7Calice/impersonate?&bewit=",),
                hint="additionalParameters.audience was ignored, as in Auth0",
            ),
        ).body
        opened = self._step(
            "the link is opened, and lands in the callback with code and state",
            lambda: send(link),
            Expected(status=302, says=(f"{CALLBACK}?code=", f"&state={STATE}")),
        )
        code = parse_qs(urlsplit(opened.location).query).get("code", [""])[0]
        redeemed = self._step(
            "the app redeems the code",
            lambda: self._redeem(code),
            Expected(status=200, says=('"id_token"',)),
        )
        opaque = str(redeemed.json().get("access_token", ""))
        self._step(
            "its access token is opaque, and the app's API refuses it",
            lambda: send(self._stage.api_url, bearer=opaque),
            Expected(status=401, says=("Not enough segments",)),
            why="a link gives an opaque token, good for /userinfo only; the audience that it was "
            "asked for is not honoured (setting impersonation.honour_audience)",
        )
        self._step(
            "/userinfo takes it, and tells who is behind alice",
            lambda: send(f"{self._stage.url}/userinfo", bearer=opaque),
            Expected(status=200, says=('"impersonated":true', '"user_id":"auth0|admin"')),
        )
        self._step(
            "the same link is opened once more",
            lambda: send(link),
            Expected(status=401, says=(_BAD_MAC,), hint="already used at"),
        )

    def _use_a_proper_token(self) -> None:
        minted = self._step(
            "a client with a grant asks for a token for the API's audience",
            lambda: self._token(*_M2M, audience=AUDIENCE),
            Expected(status=200, says=('"token_type":"Bearer"',)),
        )
        self._step(
            "the API takes that one",
            lambda: send(self._stage.api_url, bearer=str(minted.json().get("access_token"))),
            Expected(status=200, says=("acme-m2m@clients",)),
        )

    def _break_links(self, v1_token: str) -> None:
        self._step(
            "somebody appends &next=/admin to a good link",
            lambda: send(self._ask(v1_token, STATE).body + "&next=/admin"),
            Expected(status=401, says=(_BAD_MAC,), hint="`next` was added after signing"),
        )
        self._step(
            "a link is made with an empty state",
            lambda: send(self._ask(v1_token, "").body),
            Expected(status=401, says=(_BAD_MAC,), hint="state was empty"),
        )
        link = self._ask(v1_token, STATE).body
        self._stage.tenant.clock.advance(121)
        self._step(
            "a link is opened two minutes too late",
            lambda: send(link),
            Expected(status=401, says=("Impersonation - Access expired",), hint="expired at"),
        )

    def _ask_with_a_v2_token(self) -> None:
        v2_token = self._token(*_M2M, audience=f"{self._stage.url}/api/v2/").json()
        self._step(
            "a Management API v2 token asks for a link",
            lambda: self._ask(str(v2_token.get("access_token")), STATE),
            Expected(status=401, says=("Unauthorized",), hint="this is a Management API v2 token"),
        )

    def _token(self, client_id: str, client_secret: str, **more: str) -> CallResult:
        body = {
            "client_id": client_id,
            "client_secret": client_secret,
            "grant_type": "client_credentials",
            **more,
        }
        return send(f"{self._stage.url}/oauth/token", method="POST", body=body)

    def _ask(self, token: str, state: str) -> CallResult:
        body = {
            "protocol": "oauth2",
            "impersonator_id": "auth0|admin",
            "client_id": "acme-web",
            "additionalParameters": {
                "response_type": "code",
                "state": state,
                "callback_url": CALLBACK,
                "audience": AUDIENCE,
            },
        }
        url = f"{self._stage.url}/users/auth0%7Calice/impersonate"
        return send(url, method="POST", body=body, bearer=token)

    def _redeem(self, code: str) -> CallResult:
        body = {
            "client_id": "acme-web",
            "client_secret": "acme-web-secret",
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
        }
        return send(f"{self._stage.url}/oauth/token", method="POST", body=body)

    def _step(
        self, title: str, act: Callable[[], CallResult], expected: Expected, *, why: str = ""
    ) -> CallResult:
        reply = act()
        behaved = expected.is_met_by(reply)
        mark = click.style("ok", fg="green") if behaved else click.style("UNEXPECTED", fg="red")
        click.echo(f"\n{mark}  {title}")
        click.echo(f"    wire  {reply.status} {_shortened(reply.location or reply.body)}")
        if reply.hint or (why and behaved):
            click.echo(f"    why   {reply.hint or why}")
        if not behaved:
            self._surprises.append(title)
            click.echo(f"    expected  {expected.status} {' '.join(expected.says)}")
            if expected.hint:
                click.echo(f"    because   {expected.hint}")
        return reply


def _shortened(text: str) -> str:
    most = 160
    return text if len(text) <= most else text[:most] + "..."
