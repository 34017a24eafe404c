"""The scenario of the demo: its steps, and the expected response of each."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import click

from mockidp.cli.calls.caller import CallResult
from mockidp.cli.demo.environment import AUDIENCE, Environment, send
from mockidp.frozen import frozen

CALLBACK = "http://localhost:3000/callback"
STATE = "eyJ0YXJnZXQiOiIvYWRtaW4ifQ"
_GLOBAL = ("acme-global", "acme-global-secret")
_M2M = ("acme-m2m", "acme-m2m-secret")
_BAD_MAC = '"error_description":"Impersonation - Bad mac"'


@frozen
class ExpectedResponse:
    """The expected response of a step: status, texts in body or Location, and part of the hint."""

    status: int
    texts: tuple[str, ...]
    hint: str = ""

    def is_met_by(self, reply: CallResult) -> bool:
        """Return whether a response matches."""
        return (
            reply.status == self.status
            and all(text in reply.body + reply.location for text in self.texts)
            and self.hint in reply.hint
        )


def run_scenario(environment: Environment) -> list[str]:
    """Run and print every step. Return the titles of those with an unexpected response."""
    return _Scenario(environment).run()


class _Scenario:
    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._unexpected: list[str] = []

    def run(self) -> list[str]:
        v1_token = self._get_global_token()
        self._follow_a_link(v1_token)
        self._use_an_api_token()
        self._break_links(v1_token)
        self._request_a_link_with_a_v2_token()
        return self._unexpected

    def _get_global_token(self) -> str:
        reply = self._step(
            "the global client requests a Management API v1 token",
            lambda: self._token(*_GLOBAL),
            ExpectedResponse(status=200, texts=('"token_type":"bearer"',)),
        )
        return str(reply.json().get("access_token", ""))

    def _follow_a_link(self, v1_token: str) -> None:
        link = self._step(
            "it requests a link that logs an admin in as alice, with a state and an audience",
            lambda: self._request_link(v1_token, STATE),
            ExpectedResponse(
                status=200,
                texts=("/users/auth0%7Calice/impersonate?&bewit=",),
                hint="`additionalParameters.audience` was ignored, as in Auth0",
            ),
        ).body
        opened = self._step(
            "the link is opened and redirects to the callback with a code and the state",
            lambda: send(link),
            ExpectedResponse(status=302, texts=(f"{CALLBACK}?code=", f"&state={STATE}")),
        )
        code = parse_qs(urlsplit(opened.location).query).get("code", [""])[0]
        redeemed = self._step(
            "the app redeems the code",
            lambda: self._redeem(code),
            ExpectedResponse(status=200, texts=('"id_token"',)),
        )
        opaque = str(redeemed.json().get("access_token", ""))
        self._step(
            "the access token is opaque, so the app's API refuses it",
            lambda: send(self._environment.api_url, bearer=opaque),
            ExpectedResponse(status=401, texts=("Not enough segments",)),
            why="The access token of a link is opaque and only valid at /userinfo, because the "
            "requested audience was ignored (setting impersonation.honour_audience).",
        )
        self._step(
            "/userinfo accepts it and names the admin who is logged in as alice",
            lambda: send(f"{self._environment.url}/userinfo", bearer=opaque),
            ExpectedResponse(status=200, texts=('"impersonated":true', '"user_id":"auth0|admin"')),
        )
        self._step(
            "the same link is opened a second time",
            lambda: send(link),
            ExpectedResponse(status=401, texts=(_BAD_MAC,), hint="already used at"),
        )

    def _use_an_api_token(self) -> None:
        minted = self._step(
            "a client with a grant requests a token for the API's audience",
            lambda: self._token(*_M2M, audience=AUDIENCE),
            ExpectedResponse(status=200, texts=('"token_type":"Bearer"',)),
        )
        self._step(
            "the API accepts that token",
            lambda: send(self._environment.api_url, bearer=str(minted.json().get("access_token"))),
            ExpectedResponse(status=200, texts=("acme-m2m@clients",)),
        )

    def _break_links(self, v1_token: str) -> None:
        self._step(
            "a link is opened with &next=/admin appended",
            lambda: send(self._request_link(v1_token, STATE).body + "&next=/admin"),
            ExpectedResponse(
                status=401, texts=(_BAD_MAC,), hint="`next` was added after the link was signed"
            ),
        )
        self._step(
            "a link that was made with an empty state is opened",
            lambda: send(self._request_link(v1_token, "").body),
            ExpectedResponse(
                status=401, texts=(_BAD_MAC,), hint="`additionalParameters.state` was empty"
            ),
        )
        link = self._request_link(v1_token, STATE).body
        self._environment.tenant.clock.advance(121)
        self._step(
            "a link is opened after it has expired",
            lambda: send(link),
            ExpectedResponse(
                status=401, texts=("Impersonation - Access expired",), hint="expired at"
            ),
        )

    def _request_a_link_with_a_v2_token(self) -> None:
        v2_token = self._token(*_M2M, audience=f"{self._environment.url}/api/v2/").json()
        self._step(
            "a link is requested with a Management API v2 token",
            lambda: self._request_link(str(v2_token.get("access_token")), STATE),
            ExpectedResponse(
                status=401, texts=("Unauthorized",), hint="This is a Management API v2 token"
            ),
        )

    def _token(self, client_id: str, client_secret: str, **more: str) -> CallResult:
        body = {
            "client_id": client_id,
            "client_secret": client_secret,
            "grant_type": "client_credentials",
            **more,
        }
        return send(f"{self._environment.url}/oauth/token", method="POST", body=body)

    def _request_link(self, token: str, state: str) -> CallResult:
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
        url = f"{self._environment.url}/users/auth0%7Calice/impersonate"
        return send(url, method="POST", body=body, bearer=token)

    def _redeem(self, code: str) -> CallResult:
        body = {
            "client_id": "acme-web",
            "client_secret": "acme-web-secret",
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
        }
        return send(f"{self._environment.url}/oauth/token", method="POST", body=body)

    def _step(
        self,
        title: str,
        act: Callable[[], CallResult],
        expected: ExpectedResponse,
        *,
        why: str = "",
    ) -> CallResult:
        reply = act()
        is_expected = expected.is_met_by(reply)
        mark = click.style("ok", fg="green") if is_expected else click.style("UNEXPECTED", fg="red")
        click.echo(f"\n{mark}  {title}")
        click.echo(f"    response  {reply.status} {_shorten(reply.location or reply.body)}")
        if reply.hint or (why and is_expected):
            click.echo(f"    reason    {reply.hint or why}")
        if not is_expected:
            self._unexpected.append(title)
            click.echo(f"    expected  {expected.status} {' '.join(expected.texts)}")
            if expected.hint:
                click.echo(f"    hint      {expected.hint}")
        return reply


def _shorten(text: str) -> str:
    max_length = 160
    return text if len(text) <= max_length else text[:max_length] + "..."
