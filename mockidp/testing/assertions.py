"""Assertions about the journal. A failure lists the exchanges that match best."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.faults.vocabulary import BACKCHANNEL_LOGOUT
from mockidp.protocol.oauth.grant_types import REFRESH_TOKEN
from mockidp.protocol.oauth.pkce import METHODS
from mockidp.protocol.oauth.scope import parse_scope
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.journal.journal import JournalReader
from mockidp.tenant.journal.text import describe_near_misses

_SIGN_IN_ENDPOINTS = (
    "authorize", "login", "consent", "resume", "token", "passwordless_verify_redirect",
    "impersonation_link",
)  # fmt: skip
"""The endpoints at which a sign-in can fail."""
_IN_NOTES = ("pkce", "nonce", "scope", "impersonator")
"""The conditions that are compared with an entry's notes."""


class Assertions(ABC):
    """Assertions about a tenant. Arguments that are None match everything."""

    @property
    @abstractmethod
    def journal(self) -> JournalReader:
        """The tenant's exchanges."""

    def assert_signed_in(
        self,
        user: str,
        *,
        client: str | None = None,
        pkce: str | bool | None = None,
        nonce: bool | None = None,
        audience: str | None = None,
        scope: str | None = None,
        impersonator: str | None = None,
    ) -> JournalEntry:
        """Assert that a client got tokens for a user. Refreshing tokens does not count.

        Args:
            user: By id, the id's last part, or e-mail.
            client: The client that got the tokens.
            pkce: `S256` or `plain`; True for either, False for a code without a challenge.
            nonce: Whether the authorization request had a nonce.
            audience: The API of the access token.
            scope: Scopes that must be among the granted ones, in any order.
            impersonator: The admin who signed in as the user with an impersonation link.

        Returns:
            The last matching exchange.

        Raises:
            AssertionError: There is no such sign-in. The text lists the exchanges that match best.
            MockIdPError: There is no such user or PKCE method.
        """
        __tracebackhide__ = True
        if isinstance(pkce, str) and pkce not in METHODS:
            raise MockIdPError(f"There is no PKCE method {pkce!r}. Known: {', '.join(METHODS)}.")
        wanted = _without_none(
            user=self.journal.find_user(user),
            client=client,
            pkce=pkce,
            nonce=nonce,
            audience=audience,
            scope=scope,
            impersonator=None if impersonator is None else self.journal.find_user(impersonator),
        )
        candidates = [
            (entry, list(_why_no_sign_in(entry, wanted)))
            for entry in self.journal
            if entry.endpoint in _SIGN_IN_ENDPOINTS
        ]
        signed_in = [entry for entry, why in candidates if not why]
        if not signed_in:
            # Pages and redirects are listed only if no exchange got further.
            ends = [one for one in candidates if one[0].tokens or any(_why_refused(one[0]))]
            near = describe_near_misses(ends or candidates)
            raise AssertionError(f"Found no sign-in{_describe(wanted)}. {near}")
        return signed_in[-1]

    def assert_token_requested(
        self,
        *,
        grant: str | None = None,
        client: str | None = None,
        user: str | None = None,
        audience: str | None = None,
        times: int | None = None,
    ) -> list[JournalEntry]:
        """Assert that tokens were requested, whatever the answer was.

        Args:
            grant: The `grant_type`.
            client: The client that sent the request.
            user: The user of the tokens: by id, the id's last part, or e-mail.
            audience: The API of the tokens.
            times: The exact number of requests; by default at least one.

        Returns:
            The matching exchanges.

        Raises:
            AssertionError: The number differs. The text lists the exchanges that match best.
            MockIdPError: There is no such user.
        """
        __tracebackhide__ = True
        found_user = None if user is None else self.journal.find_user(user)
        wanted = _without_none(grant=grant, client=client, user=found_user, audience=audience)
        candidates = [
            (entry, list(_differences(entry, wanted)))
            for entry in self.journal
            if entry.endpoint == "token" and entry.method == "POST"
        ]
        found = [entry for entry, why in candidates if not why]
        if len(found) == times or (found and times is None):
            return found
        number = "at least 1" if times is None else times
        noun = "token request" if times in (None, 1) else "token requests"
        raise AssertionError(
            f"Expected {number} {noun}{_describe(wanted)}, found {len(found)}. "
            + describe_near_misses(candidates)
        )

    def assert_no_refusals(self, *, ignoring: str | Collection[str] = ()) -> None:
        """Assert that the tenant refused no request.

        Logout tokens that an app refuses are not included: see `logout_tokens`.

        Args:
            ignoring: Error codes that are accepted, such as `login_required`.

        Raises:
            AssertionError: A request was refused. The text lists the refusals with their reasons.
        """
        __tracebackhide__ = True
        allowed = {ignoring} if isinstance(ignoring, str) else set(ignoring)
        refused = [
            (entry, list(_why_refused(entry)))
            for entry in self.journal
            if entry.endpoint != BACKCHANNEL_LOGOUT
            and any(_why_refused(entry))
            and entry.error not in allowed
        ]
        if refused:
            raise AssertionError(
                f"Expected no refusals, found {len(refused)}. {describe_near_misses(refused)}"
            )


def _without_none(**wanted: Any) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}


def _describe(wanted: Mapping[str, Any]) -> str:
    words = ", ".join(f"{name}={value!r}" for name, value in wanted.items())
    return f" with {words}" if words else ""


def _why_no_sign_in(entry: JournalEntry, wanted: Mapping[str, Any]) -> Iterator[str]:
    """Yield the differences between an exchange and a sign-in."""
    yield from _why_refused(entry)
    if entry.grant == REFRESH_TOKEN:
        yield "it refreshed the tokens of an earlier sign-in"
    elif not entry.error and not _has_tokens(entry):
        yield "no tokens were issued"
    # Before tokens are issued, notes are incomplete, so a missing note does not count.
    known = {
        name: value
        for name, value in wanted.items()
        if entry.tokens or name in entry.notes or name not in _IN_NOTES
    }
    yield from _differences(entry, known)


def _has_tokens(entry: JournalEntry) -> bool:
    """Return whether the app received a token. A response to HEAD has none."""
    kinds = {token.kind for token in entry.tokens}
    return entry.method != "HEAD" and bool(kinds & {"access_token", "id_token"})


def _why_refused(entry: JournalEntry) -> Iterator[str]:
    if entry.error or entry.status >= 400:  # noqa: PLR2004 - where errors begin
        yield f"it was refused: {entry.description or entry.status}"


def _differences(entry: JournalEntry, wanted: Mapping[str, Any]) -> Iterator[str]:
    for name, value in wanted.items():
        actual = entry.notes.get(name) if name in _IN_NOTES else getattr(entry, name)
        if not _matches(name, actual, value):
            yield f"{name} is {actual!r}, not {value!r}"


def _matches(name: str, actual: Any, wanted: Any) -> bool:
    if name == "scope":
        return set(parse_scope(wanted)) <= set(parse_scope(actual))
    return bool(actual) == wanted if isinstance(wanted, bool) else actual == wanted
