"""Connected accounts: the calls with which an app connects accounts of its user (Token Vault).

`connect` returns where to send the browser, and `complete` stores the tokens of the service.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockidp.flows.connected_accounts.token_vault import (
    ID_PREFIX,
    accounts_of,
    add_account,
    connectable,
    remove_account,
    scopes_of,
)
from mockidp.flows.hints.known import list_known
from mockidp.management.listing import read_number
from mockidp.management.operation import Call
from mockidp.my_account.body import check_members, invalid, read_string
from mockidp.my_account.method import user_deleted, user_of
from mockidp.protocol.login.connected_accounts import CONNECT_PAGE, LIFETIME, ConnectRequest
from mockidp.protocol.my_account import MyAccountRefusal
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.pkce import CodeChallenge, check_verifier, parse_challenge
from mockidp.resources.client import Client
from mockidp.resources.connected_account import TOKEN_LIFETIME, ConnectedAccount
from mockidp.resources.connection import Connection
from mockidp.tenant.timestamps import timestamp

PAGING = frozenset({"take", "from", "next"})
_PAGE = 20


def connect(call: Call) -> Mapping[str, Any]:
    """Start to connect an account. Return the URL for the browser."""
    user = user_of(call)
    check_members(
        call, "connection", "redirect_uri", "state", "scopes", "code_challenge",
        "code_challenge_method", "authorization_params",
    )  # fmt: skip
    client = _client(call)
    connection = _find_connection(call, client, read_string(call, "connection"))
    request = ConnectRequest(
        user_id=user.user_id,
        client_id=client.client_id,
        connection=connection.name,
        ticket=call.tenant.ids.uuid(),
        redirect_uri=_redirect_uri(call, client),
        state=read_string(call, "state") if call.body.get("state") is not None else None,
        scopes=_scopes(call) or scopes_of(connection),
        challenge=_challenge(call),
        forwarded=_forwarded(call),
    )
    session = call.tenant.ids.mfa_token()
    call.tenant.connect_requests.put(session, request, expires_at=call.tenant.now() + LIFETIME)
    return {
        "auth_session": session,
        "connect_uri": f"{call.tenant.browser_url(call.url).rstrip('/')}{CONNECT_PAGE}",
        "connect_params": {"ticket": request.ticket},
        "expires_in": LIFETIME,
    }


def complete(call: Call) -> Mapping[str, Any]:
    """Connect the account with which the browser has come back."""
    tenant, user = call.tenant, user_of(call)
    check_members(call, "auth_session", "connect_code", "redirect_uri", "code_verifier")
    session, code = read_string(call, "auth_session"), read_string(call, "connect_code")
    request = tenant.connect_requests.get(session)
    owner = (request.user_id, request.client_id) if request else None
    with tenant.trace.check("auth_session", is_own=owner == (user.user_id, call.caller.client_id)):
        if request is None or owner != (user.user_id, call.caller.client_id):
            raise _ended(
                "The user has no request with this `auth_session`. It works once, for "
                f"{LIFETIME} seconds. Start again."
            )
    with tenant.trace.check("connect_code", is_expected=request.code is not None):
        if request.code is None or not hmac.compare_digest(request.code.encode(), code.encode()):
            raise invalid(
                "connect_code",
                "Invalid connect_code",
                hint="`connect_code` is not the one with which the browser came back."
                if request.code
                else "The user has not agreed yet. Open `connect_uri` in a browser.",
            )
    _check_redirect_uri(call, request)
    with tenant.trace.check("code_verifier", is_needed=request.challenge is not None):
        check_verifier(request.challenge, Parameters(call.body).get("code_verifier"))
    with tenant.trace.check("auth_session", is_own=True):
        if tenant.connect_requests.take(session) != request:
            raise _ended("Another request used the `auth_session` at the same time.")
    _find_connection(call, _client(call), request.connection)
    now = tenant.now()
    made = add_account(
        tenant,
        user.user_id,
        ConnectedAccount(
            id=ID_PREFIX + tenant.ids.opaque_token()[:22],
            connection=request.connection,
            login_hint=request.login_hint,
            scopes=request.scopes,
            access_token=tenant.ids.opaque_token(),
            expires_at=int(now) + TOKEN_LIFETIME,
            created_at=timestamp(now),
        ),
    )
    with tenant.trace.check("user", id=user.user_id, found=made is not None):
        if made is None:
            raise user_deleted(user.user_id)
    return _show(made)


def _ended(hint: str) -> MyAccountRefusal:
    return invalid("auth_session", "Invalid auth_session", hint=hint)


def list_accounts(call: Call) -> Mapping[str, Any]:
    """Return the accounts that the user has connected."""
    wanted = call.query.get("connection")
    found = [
        _show(one)
        for one in accounts_of(call.tenant, user_of(call))
        if wanted in (None, one.connection)
    ]
    return _page_of(call, "accounts", found, "id")


def list_connections(call: Call) -> Mapping[str, Any]:
    """Return the connections with whose services the user can connect."""
    user_of(call)
    found = [
        {"name": one.name, "strategy": one.strategy, "scopes": list(scopes_of(one))}
        for one in connectable(call.tenant, _client(call))
    ]
    return _page_of(call, "connections", found, "name")


def delete_account(call: Call) -> None:
    """Remove an account with its tokens."""
    user = user_of(call)
    removed = remove_account(call.tenant, user, call.id)
    with call.tenant.trace.check("connected_account", sent=call.id, found=removed):
        if not removed:
            known = [one.id for one in accounts_of(call.tenant, user)]
            raise MyAccountRefusal(
                HTTPStatus.NOT_FOUND,
                "Connected account not found",
                hint=f"User {user.user_id} has no connected account {call.id!r:.60}. "
                f"{list_known('accounts', call.id, known)}",
            )


def _show(account: ConnectedAccount) -> dict[str, Any]:
    return {
        "id": account.id,
        "connection": account.connection,
        "access_type": "offline",
        "scopes": list(account.scopes),
        "created_at": account.created_at,
    }


def _page_of(call: Call, key: str, found: list[dict[str, Any]], name: str) -> Mapping[str, Any]:
    """Return a page of a list. `from`, or `next` as nextjs-auth0 sends it, continues it."""
    take = read_number(call.query, "take", _PAGE, _PAGE, least=1)
    after = call.query.get("from") or call.query.get("next")
    names = [one[name] for one in found]
    with call.tenant.trace.check("page", after=after):
        if after is not None and after not in names:
            raise invalid(
                "from", "Invalid from", hint="`from` is not the `next` of an answer for this list."
            )
    start = names.index(after) + 1 if after is not None else 0
    page = found[start : start + take]
    following = {"next": page[-1][name]} if start + take < len(found) else {}
    return {key: page, **following}


def _client(call: Call) -> Client:
    client = call.tenant.directory.client(call.caller.client_id, base_url=call.url)
    with call.tenant.trace.check("client", id=call.caller.client_id, found=client is not None):
        if client is None:
            raise MyAccountRefusal(
                HTTPStatus.FORBIDDEN,
                "The client does not exist",
                hint=f"Client {call.caller.client_id} of the token was deleted.",
            )
    return client


def _find_connection(call: Call, client: Client, name: str) -> Connection:
    known = {one.name: one for one in connectable(call.tenant, client)}
    with call.tenant.trace.check("connection", sent=name, enabled=list(known)):
        if name not in known:
            raise MyAccountRefusal(
                HTTPStatus.NOT_FOUND,
                "Connection not found",
                hint=f"Users of client {client.client_id} cannot connect with {name[:60]!r}. Set "
                "`connected_accounts.active` of the connection to true, and enable it for the "
                f"client. {list_known('connections', name, known)}",
            )
    return known[name]


def _redirect_uri(call: Call, client: Client) -> str:
    uri = read_string(call, "redirect_uri")
    with call.tenant.trace.check("redirect_uri", sent=uri, allowed=client.callbacks):
        if not call.tenant.directory.allows_callback(client, uri):
            raise invalid(
                "redirect_uri",
                "Invalid redirect_uri",
                hint=f"{uri[:200]} is not one of the `callbacks` of client {client.client_id}: "
                f"{', '.join(client.callbacks) or 'none'}.",
            )
    return uri


def _check_redirect_uri(call: Call, request: ConnectRequest) -> None:
    uri = read_string(call, "redirect_uri")
    with call.tenant.trace.check("redirect_uri", sent=uri, started_with=request.redirect_uri):
        if uri != request.redirect_uri:
            raise invalid(
                "redirect_uri",
                "Invalid redirect_uri",
                hint=f"`redirect_uri` is {uri[:200]}, but the request was started with "
                f"{request.redirect_uri}.",
            )


def _challenge(call: Call) -> CodeChallenge | None:
    with call.tenant.trace.check("code_challenge", is_sent="code_challenge" in call.body):
        return parse_challenge(Parameters(call.body))


def _scopes(call: Call) -> tuple[str, ...]:
    sent = call.body.get("scopes", [])
    with call.tenant.trace.check("scopes", sent=sent):
        if not isinstance(sent, list) or not all(isinstance(one, str) for one in sent):
            raise invalid(
                "scopes", "Invalid value of property: scopes", hint="Send a list of strings."
            )
    return tuple(sent)


def _forwarded(call: Call) -> Mapping[str, str]:
    sent = call.body.get("authorization_params", {})
    with call.tenant.trace.check("authorization_params", sent=sent):
        if not isinstance(sent, dict):
            raise invalid(
                "authorization_params",
                "Invalid value of property: authorization_params",
                hint='Send an object such as {"login_hint": "alice@gmail.example"}.',
            )
    return {name: str(value) for name, value in sent.items()}
