"""Redeem an authorization response for the test client, and describe the outcome for its page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mockidp.frozen import frozen
from mockidp.protocol.tokens.jwt import InvalidJwt, decode
from mockidp.tenant.content.try_client import TEST_CLIENT_ID
from mockidp.testing.relying_party import Verdict, check_id_token
from mockidp.web.console.own_call import OwnAnswer, call
from mockidp.web.console.test_client.pending_login import PendingLogin, redirect_uri
from mockidp.web.control_token import has_control_token
from mockidp.web.request.exchange import Exchange

_CALLBACK = "the callback"


@frozen
class FailedLogin:
    """A login that ended without tokens."""

    where: str
    error: str
    description: str = ""
    hint: str = ""


@frozen
class ShownToken:
    """A token as it was sent, and decoded if it is a JWT."""

    kind: str
    raw: str
    header: str = ""
    claims: str = ""


@frozen
class CompletedLogin:
    """A login that ended with tokens."""

    verdicts: Sequence[Verdict]
    tokens: Sequence[ShownToken]
    response: str
    hint: str
    userinfo: str
    userinfo_problem: str
    userinfo_hint: str

    @property
    def passed(self) -> bool:
        """Whether all checks passed."""
        return all(one.passed for one in self.verdicts)


def redeem(exchange: Exchange) -> FailedLogin | CompletedLogin:
    """Check the state of a response, redeem its code, and check the tokens."""
    query = exchange.query()
    pending = PendingLogin.read(exchange)
    if pending is None:
        return FailedLogin(
            where=_CALLBACK,
            error="unknown login",
            description="No login is pending in this browser.",
            hint="The page keeps state, nonce and code verifier in a cookie until the response "
            "arrives, and accepts one response. This one was used before, as after a reload, or it "
            "was not requested here, like the code of an impersonation link. Log in again.",
        )
    if query.get("state") != pending.state:
        return FailedLogin(
            where=_CALLBACK,
            error="state mismatch",
            description="The state of the response is not the one that was sent.",
            hint="Another login was started in this browser in the meantime. Log in again.",
        )
    error = query.get("error")
    if error:
        return FailedLogin(
            where="/authorize",
            error=error,
            description=query.get("error_description") or "",
            hint=_hint_of(exchange, error),
        )
    answer = call(exchange, "/oauth/token", form=_token_request(exchange, pending))
    return _read_tokens(exchange, pending, answer)


def _token_request(exchange: Exchange, pending: PendingLogin) -> Mapping[str, str]:
    return {
        "grant_type": "authorization_code",
        "client_id": TEST_CLIENT_ID,
        "code": exchange.query().get("code") or "",
        "redirect_uri": redirect_uri(exchange),
        "code_verifier": pending.verifier,
    }


def _hint_of(exchange: Exchange, error: str) -> str:
    """Return the hint of the refusal that was redirected here. The redirect does not contain it.

    It is found in the journal by the error, so it may belong to another browser's login. Only
    requests that may read the journal get it.
    """
    if not has_control_token(exchange):
        return ""
    for entry in reversed(tuple(exchange.tenant.journal)):
        if entry.client == TEST_CLIENT_ID and entry.error == error:
            return entry.hint
    return ""


def _read_tokens(
    exchange: Exchange, pending: PendingLogin, answer: OwnAnswer
) -> FailedLogin | CompletedLogin:
    body = _json_object(answer.body)
    if answer.problem or body is None:
        return _refused_by_token_endpoint(answer, body or {})
    id_token, access_token = str(body.get("id_token", "")), str(body.get("access_token", ""))
    userinfo = call(exchange, "/userinfo", token=access_token)
    return CompletedLogin(
        verdicts=check_id_token(
            exchange.tenant,
            id_token,
            issuer=exchange.tenant.issuer(exchange.base_url),
            client_id=TEST_CLIENT_ID,
            nonce=pending.nonce,
        )
        if id_token
        else (),
        tokens=[_shown("ID token", id_token), _shown("Access token", access_token)],
        response=_pretty({name: _shorten(value) for name, value in body.items()}),
        hint=answer.hint,
        userinfo=_pretty(_json_object(userinfo.body) or userinfo.body.decode(errors="replace")),
        userinfo_problem=userinfo.problem,
        userinfo_hint=userinfo.hint,
    )


def _refused_by_token_endpoint(answer: OwnAnswer, body: Mapping[str, Any]) -> FailedLogin:
    readable = answer.body.decode(errors="replace")
    return FailedLogin(
        where="/oauth/token",
        error=str(body.get("error") or answer.problem or "not a JSON object"),
        description=str(body.get("error_description") or readable),
        hint=answer.hint,
    )


def _shown(kind: str, token: str) -> ShownToken:
    try:
        header, claims = decode(token)
    except InvalidJwt:
        return ShownToken(kind=kind, raw=token)
    return ShownToken(kind=kind, raw=token, header=_pretty(header), claims=_pretty(claims))


def _shorten(value: Any) -> Any:
    """Shorten a token, which is shown in full elsewhere."""
    is_token = isinstance(value, str) and value.count(".") == 2  # noqa: PLR2004 - a JWT's parts
    return value.rpartition(".")[0][:16] + "..." if is_token else value


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _pretty(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
