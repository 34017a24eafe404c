"""The steps of a flow: arrows between the app, the browser and the tenant.

The mock sees only requests to itself. What it infers, such as the app's callback, is marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Literal
from urllib.parse import unquote, urlsplit

from mockidp.frozen import frozen
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.web.console.journal.flow import Flow, is_refused

Lane = Literal["app", "browser", "tenant"]
APP: Lane = "app"
BROWSER: Lane = "browser"
TENANT: Lane = "tenant"
LANES: tuple[Lane, ...] = (APP, BROWSER, TENANT)
UNSEEN = "the mock did not see this"
_BY_BROWSER = frozenset((
    "authorize", "login", "provider", "connection", "organization", "consent", "device", "resume",
    "logout", "impersonation_link", "reset_password", "signup_page", "email_verification", "mfa",
    "passkey_enrollment",
    "passwordless_verify_redirect", "usernamepassword_login", "co_authenticate", "co_verify",
    "lock_settings", "sso_data",
))  # fmt: skip
_FROM_TENANT = {"outbox": BROWSER, "backchannel_logout": APP}
_VERBS = {
    "authorize": "asks for a login",
    "login": "opens the login page",
    "consent": "opens the consent page",
    "resume": "continues the login",
    "device": "confirms the device",
    "device_code": "asks for a device code",
    "passkey_register": "asks for a sign-up with a passkey",
    "passkey_challenge": "asks for a login with a passkey",
    "impersonate": "asks for a link",
    "impersonation_link": "opens the link",
    "userinfo": "asks who the user is",
    "discovery": "reads the discovery document",
    "jwks": "reads the keys",
    "logout": "logs out",
    "revoke": "revokes a refresh token",
    "par": "pushes the authorization request",
    "outbox": "sends a message",
    "backchannel_logout": "sends a logout token",
}
_GRANTS = {
    "authorization_code": "redeems the code",
    "refresh_token": "refreshes the tokens",
    "client_credentials": "asks for a machine token",
    "urn:ietf:params:oauth:grant-type:device_code": "polls for tokens",
    "urn:okta:params:oauth:grant-type:webauthn": "answers with a passkey",
}


@frozen
class Step:
    """One arrow.

    Attributes:
        source: The lane where it begins.
        target: The lane where it ends.
        verb: What happens, in words.
        wire: The same as sent.
        entry: The exchange, if the arrow is a request, or the answer of a refused one.
        is_failed: Whether it is a refusal.
        is_seen: Whether the mock saw it.
        after: Seconds since the first exchange of the flow.
    """

    source: Lane
    target: Lane
    verb: str
    wire: str
    entry: JournalEntry | None = None
    is_failed: bool = False
    is_seen: bool = True
    after: float = 0.0

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Both lanes, from left to right."""
        return tuple(one for one in LANES if one in {self.source, self.target})

    @property
    def is_to_the_right(self) -> bool:
        """The direction of the arrow."""
        return self.lanes[0] == self.source


def steps_of(flow: Flow) -> list[Step]:
    """Return the steps of a flow."""
    return list(_steps(flow))


def _steps(flow: Flow) -> Iterator[Step]:
    begun_at, has_callback, has_link = flow.entries[0].at, False, False
    for entry in flow.entries:
        if has_callback and entry.endpoint == "token" and entry.grant == "authorization_code":
            yield _unseen(BROWSER, APP, "calls back with the code")
            has_callback = False
        if has_link and entry.endpoint == "impersonation_link":
            yield _unseen(APP, BROWSER, "hands the link on")
            has_link = False
        source, target = _lanes(entry)
        after = entry.at - begun_at
        yield Step(
            source=source, target=target, verb=_verb(entry), wire=_wire(entry), entry=entry,
            after=after,
        )  # fmt: skip
        if is_refused(entry):
            yield Step(
                source=target, target=source, verb=_refusal(entry), wire=entry.error or "",
                entry=entry, is_failed=True, after=after,
            )  # fmt: skip
        has_link = has_link or (entry.endpoint == "impersonate" and not is_refused(entry))
        if _is_response(entry):
            has_callback = True
            yield Step(
                source=TENANT, target=BROWSER, verb="redirects to the app", wire=str(entry.status),
                after=after,
            )  # fmt: skip
    if has_callback:
        yield _unseen(BROWSER, APP, "calls back")


def _lanes(entry: JournalEntry) -> tuple[Lane, Lane]:
    if entry.endpoint in _FROM_TENANT:
        return TENANT, _FROM_TENANT[entry.endpoint]
    return (BROWSER if entry.endpoint in _BY_BROWSER else APP), TENANT


def _verb(entry: JournalEntry) -> str:
    if entry.endpoint == "token":
        return _GRANTS.get(entry.grant or "", "asks for a token")
    if entry.endpoint == "login" and entry.method == "POST":
        return "sends the login form"
    return _VERBS.get(entry.endpoint) or str(
        entry.notes.get("operation") or f"calls {entry.endpoint.replace('_', ' ')}"
    )


def _wire(entry: JournalEntry) -> str:
    grant = f", {entry.grant}" if entry.endpoint == "token" and entry.grant else ""
    return f"{entry.method} {unquote(urlsplit(entry.url).path)}{grant}"


def _refusal(entry: JournalEntry) -> str:
    return f"{entry.status} {entry.description or entry.error or 'refused'}"


def _is_response(entry: JournalEntry) -> bool:
    """Return whether the browser gets an authorization response for the app."""
    has_result = "code" in entry.notes or entry.tokens or entry.error
    return entry.endpoint in _BY_BROWSER and bool(has_result) and entry.status == HTTPStatus.FOUND


def _unseen(source: Lane, target: Lane, verb: str) -> Step:
    return Step(source=source, target=target, verb=verb, wire=UNSEEN, is_seen=False)
