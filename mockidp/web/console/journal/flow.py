"""The flows of a journal: exchanges that belong together, with a title."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mockidp.frozen import frozen
from mockidp.tenant.journal.entry import JournalEntry

_TITLES = {
    "impersonate": "Impersonate {user}",
    "impersonation_link": "Impersonate {user}",
    "device_code": "Log in {user} on a device",
    "authorize": "Log in {user}",
    "par": "Log in {user}",
    "login": "Log in {user}",
    "oauth_ro": "Log in {user}",
    "co_authenticate": "Log in {user}",
    "logout": "Log out {user}",
    "signup": "Sign up",
    "userinfo": "Userinfo of {user}",
    "discovery": "Discovery document",
    "jwks": "Key set",
    "revoke": "Revoke a refresh token",
    "outbox": "Message to {user}",
    "backchannel_logout": "Logout token for {user}",
}
_GRANTS = {
    "client_credentials": "Machine token",
    "refresh_token": "Refresh",
    "authorization_code": "Redeem a code",
    "password": "Log in {user}",
    "http://auth0.com/oauth/grant-type/password-realm": "Log in {user}",
    "urn:ietf:params:oauth:grant-type:device_code": "Device code",
}
MIN_REFUSED = 400


@frozen
class Flow:
    """Exchanges with the same flow number, in their order. There is at least one."""

    entries: tuple[JournalEntry, ...]
    title: str

    @property
    def number(self) -> int:
        """The number of the flow, which is that of its first exchange."""
        return self.entries[0].flow

    @property
    def continues(self) -> int | None:
        """The flow that it continues."""
        return self.entries[0].continues

    @property
    def last(self) -> JournalEntry:
        """The last exchange, whose status the list shows."""
        return self.entries[-1]

    @property
    def client(self) -> str | None:
        """The client of the last exchange that names one."""
        return _last(one.client for one in self.entries)

    @property
    def seconds(self) -> float:
        """The time from the first exchange to the last."""
        return self.last.at - self.entries[0].at

    @property
    def kind(self) -> str:
        """The kind of the pill: `bad` after a refusal, `warn` after a fault, else `ok`."""
        if self.last.faults:
            return "warn"
        return "bad" if is_refused(self.last) else "ok"


def is_refused(entry: JournalEntry) -> bool:
    """Return whether an exchange was refused, or its answer is kept from the page."""
    return bool(entry.error) or entry.status >= MIN_REFUSED or entry.is_blocked_by_cors


def flows_of(entries: Iterable[JournalEntry], name_of: Callable[[str], str]) -> list[Flow]:
    """Return the flows of some exchanges, the newest first.

    Args:
        entries: The exchanges, the oldest first.
        name_of: Returns the name of a user with an id.
    """
    found: dict[int, list[JournalEntry]] = {}
    for entry in entries:
        found.setdefault(entry.flow, []).append(entry)
    return [
        Flow(entries=tuple(found[number]), title=_title(found[number], name_of))
        for number in sorted(found, reverse=True)
    ]


def _title(entries: list[JournalEntry], name_of: Callable[[str], str]) -> str:
    user = _last(one.user for one in entries)
    main = next((one for one in entries if one.endpoint == "impersonate"), entries[0])
    if main.endpoint == "token":
        text = _GRANTS.get(main.grant or "", "Token")
    else:
        operation = main.notes.get("operation")
        text = _TITLES.get(main.endpoint) or operation or _in_words(main.endpoint)
    return str(text).format(user=name_of(user) if user else "a user") if "{" in text else str(text)


def _in_words(endpoint: str) -> str:
    """Return the name of an endpoint as the beginning of a sentence."""
    return endpoint[:1].upper() + endpoint[1:].replace("_", " ")


def _last(values: Iterable[str | None]) -> str | None:
    named = [one for one in values if one]
    return named[-1] if named else None
