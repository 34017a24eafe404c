"""What a test asserts of the journal, with the near misses where it does not hold."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.protocol.grant_types import REFRESH_TOKEN
from mockidp.protocol.pkce import METHODS
from mockidp.protocol.scope import parse_scope
from mockidp.tenant.journal import JournalEntry, JournalReader
from mockidp.tenant.journal_text import describe_near_misses

_ON_THE_WAY = ("authorize", "login", "consent", "resume", "token", "impersonation_link")
"""Where a sign-in can come to nothing."""
_NOTED = ("pkce", "nonce", "scope", "impersonator")
"""What an entry has among its notes."""


class Assertions(ABC):
    """What a test asserts of a tenant, here or elsewhere; what is None is not looked at."""

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
        """Assert that a client got tokens for a user; refreshing them is no sign-in.

        Args:
            user: By id, the id's last part, or e-mail.
            client: The client that got the tokens.
            pkce: `S256` or `plain`; True for either, False for a code without a challenge.
            nonce: Whether the authorization request had one.
            audience: The API that the access token is for.
            scope: What was granted at least, in any order.
            impersonator: Who signed in as the user, by an impersonation link.

        Returns:
            The last exchange in which it did.

        Raises:
            AssertionError: None did so; the text lists what came nearest, and why it is not it.
            MockIdPError: No such user, or no such PKCE method.
        """
        __tracebackhide__ = True
        if isinstance(pkce, str) and pkce not in METHODS:
            raise MockIdPError(f"no PKCE method {pkce!r}; there are: {', '.join(METHODS)}")
        wanted = _given(
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
            if entry.endpoint in _ON_THE_WAY
        ]
        signed_in = [entry for entry, why in candidates if not why]
        if not signed_in:
            # Pages and redirects that went well are told only where nothing came of them.
            ends = [one for one in candidates if one[0].tokens or any(_why_refused(one[0]))]
            near = describe_near_misses(ends or candidates)
            raise AssertionError(f"no sign-in{_write(wanted)}; {near}")
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
            client: The client that asked.
            user: Whom the tokens are about: by id, the id's last part, or e-mail.
            audience: The API that the tokens are for.
            times: How often exactly; by default at least once.

        Returns:
            The exchanges in which they were.

        Raises:
            AssertionError: It was otherwise; the text lists what came nearest.
            MockIdPError: No such user.
        """
        __tracebackhide__ = True
        found_user = None if user is None else self.journal.find_user(user)
        wanted = _given(grant=grant, client=client, user=found_user, audience=audience)
        candidates = [
            (entry, list(_differences(entry, wanted)))
            for entry in self.journal
            if entry.endpoint == "token" and entry.method == "POST"
        ]
        found = [entry for entry, why in candidates if not why]
        if len(found) == times or (found and times is None):
            return found
        expected = "one token request or more" if times is None else f"{times} x a token request"
        raise AssertionError(
            f"expected {expected}{_write(wanted)}, found {len(found)}; "
            + describe_near_misses(candidates)
        )

    def assert_no_refusals(self, *, ignoring: str | Collection[str] = ()) -> None:
        """Assert that the tenant granted all that it was asked for.

        Args:
            ignoring: Error codes that may have been, such as `login_required`.

        Raises:
            AssertionError: Something was refused; the text lists it, and why.
        """
        __tracebackhide__ = True
        allowed = {ignoring} if isinstance(ignoring, str) else set(ignoring)
        refused = [
            (entry, list(_why_refused(entry)))
            for entry in self.journal
            if any(_why_refused(entry)) and entry.error not in allowed
        ]
        if refused:
            raise AssertionError(
                f"expected no refusals, found {len(refused)}; {describe_near_misses(refused)}"
            )


def _given(**wanted: Any) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value is not None}


def _write(wanted: Mapping[str, Any]) -> str:
    words = ", ".join(f"{name}={value!r}" for name, value in wanted.items())
    return f" with {words}" if words else ""


def _why_no_sign_in(entry: JournalEntry, wanted: Mapping[str, Any]) -> Iterator[str]:
    """Say in which ways an exchange is not the sign-in that is sought."""
    yield from _why_refused(entry)
    if entry.grant == REFRESH_TOKEN:
        yield "it refreshed the tokens of an earlier sign-in"
    elif not entry.error and not _has_tokens(entry):
        yield "no tokens went out"
    # Before tokens go out, little of it is known: what is not yet so is no reason.
    known = {
        name: value
        for name, value in wanted.items()
        if entry.tokens or name in entry.notes or name not in _NOTED
    }
    yield from _differences(entry, known)


def _has_tokens(entry: JournalEntry) -> bool:
    """Return whether the app received a token; the ones that answer a HEAD cannot be used."""
    kinds = {token.kind for token in entry.tokens}
    return entry.method != "HEAD" and bool(kinds & {"access_token", "id_token"})


def _why_refused(entry: JournalEntry) -> Iterator[str]:
    if entry.error or entry.status >= 400:  # noqa: PLR2004 - where errors begin
        yield f"it was refused: {entry.description or entry.status}"


def _differences(entry: JournalEntry, wanted: Mapping[str, Any]) -> Iterator[str]:
    for name, value in wanted.items():
        known = entry.notes.get(name) if name in _NOTED else getattr(entry, name)
        if not _is_as(name, known, value):
            yield f"{name} is {known!r}, not {value!r}"


def _is_as(name: str, known: Any, wanted: Any) -> bool:
    if name == "scope":
        return set(parse_scope(wanted)) <= set(parse_scope(known))
    return bool(known) == wanted if isinstance(wanted, bool) else known == wanted
