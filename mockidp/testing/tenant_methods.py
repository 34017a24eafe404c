"""The test methods in Python: typed signatures that call what is declared.

A test compares each signature with the parameter record of its declaration, and finds each
declared method here, in the control API and in OpenAPI.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar, Unpack

from mockidp.faults import Fault, FaultContext
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.snapshot import Snapshot, check_snapshot
from mockidp.testing import clock, explain, faults, journal, link, outbox, sign_in, state, tokens
from mockidp.testing.assertions import Assertions
from mockidp.testing.method import Method, Nothing
from mockidp.testing.words import FaultWords, Place, SpoiledTokenWords, WhenFields

F = TypeVar("F")
P = TypeVar("P")
A = TypeVar("A")

METHODS: tuple[Method[Any, Any], ...] = (
    sign_in.SIGN_IN_AS,
    sign_in.UNBLOCK,
    tokens.ACCESS_TOKEN,
    tokens.ID_TOKEN,
    link.IMPERSONATION_LINK,
    explain.EXPLAIN,
    faults.LIST_FAULTS,
    faults.ADD_FAULT,
    faults.CANCEL_FAULTS,
    faults.GET_FAULT,
    faults.CANCEL_FAULT,
    clock.GET_CLOCK,
    clock.MOVE_CLOCK,
    journal.READ_JOURNAL,
    journal.CLEAR_JOURNAL,
    outbox.READ_OUTBOX,
    outbox.CLEAR_OUTBOX,
    state.LIST_KEYS,
    state.ROTATE_KEYS,
    state.REVOKE_KEY,
    state.RESET,
    state.SNAPSHOT,
    state.RESTORE,
)
"""All declared methods, in the order of the OpenAPI document."""


class TenantMethods(Assertions, Generic[F]):
    """The test methods that a tenant has, in this process or elsewhere. `F` is an active fault."""

    @abstractmethod
    def _call(self, method: Method[P, A], parameters: P, /) -> A:
        """Call a declared method."""

    @abstractmethod
    def _add_fault(self, fault: Fault, predicate: Callable[[FaultContext], bool] | None, /) -> F:
        """Add a fault."""

    # --- logins ---

    def sign_in_as(self, user: str, *, client: str | None = None) -> None:
        """Let a user answer the next authorization request, without a page.

        Args:
            user: By id, the id's last part, or e-mail.
            client: The client of the request, by id; by default any client.

        Raises:
            MockIdPError: There is no such user or client.
        """
        self._call(sign_in.SIGN_IN_AS, sign_in.SignInAs(user=user, client=client))

    def unblock(self, user: str) -> None:
        """Lift the blocks of a user by brute-force protection, and reset the failed attempts.

        Args:
            user: By id, the id's last part, or e-mail; or a name that somebody typed and no user
                has.

        Raises:
            MockIdPError: There is no such user, and no failed attempt with that name.
        """
        self._call(sign_in.UNBLOCK, user)

    # --- tokens and links ---

    def access_token(
        self,
        *,
        audience: str | Sequence[str] | None = None,
        scope: str | None = None,
        user: str | None = None,
        client: str | None = None,
        claims: Mapping[str, Any] | None = None,
        expires_in: int | None = None,
        url: str | None = None,
        **words: Unpack[SpoiledTokenWords],
    ) -> str:
        """Return an access token, without a login and without any policy check.

        Args:
            audience: The API's identifier, or several: then `aud` is a list, and the first API
                decides lifetime and format. Without an audience, and without a default audience
                of the tenant, the token is opaque and for /userinfo.
            scope: Scopes separated by spaces; by default all that the APIs define. A scope that
                none of them defines is an error; `claims={"scope": ...}` sets any text.
            user: By id, the id's last part, or e-mail; without a user it is the client's own token.
            client: A client's id; by default the first client.
            claims: Claims to add or to replace.
            expires_in: The lifetime in seconds; by default that of the API.
            url: The tenant's URL that the issuer is made from; by default the property `url`. For
                https, pass `tls_url`.
            **words: What is wrong with the token, as for a fault at `access_token`.

        Raises:
            MockIdPError: There is no such user, client, API or scope, or the words contradict each
                other.
        """
        asked = tokens.NewAccessToken(
            audience=(audience,) if isinstance(audience, str) else tuple(audience or ()),
            scope=scope,
            user=user,
            client=client,
            claims=claims,
            expires_in=expires_in,
            url=url,
            **tokens.check_flaws("access_token", claims, words),
        )
        return self._call(tokens.ACCESS_TOKEN, asked).access_token

    def id_token(
        self,
        *,
        user: str,
        client: str | None = None,
        nonce: str | None = None,
        scope: str | None = None,
        claims: Mapping[str, Any] | None = None,
        expires_in: int | None = None,
        url: str | None = None,
        **words: Unpack[SpoiledTokenWords],
    ) -> str:
        """Return an ID token, without a login.

        Args:
            user: By id, the id's last part, or e-mail.
            client: The client that the token is for, by id; by default the first client.
            nonce: The nonce of the authorization request.
            scope: Decides which claims about the user it has; by default `openid profile email`.
            claims: Claims to add or to replace.
            expires_in: The lifetime in seconds; by default that of the client's ID tokens.
            url: The tenant's URL that the issuer is made from; by default the property `url`. For
                https, pass `tls_url`.
            **words: What is wrong with the token, as for a fault at `id_token`.

        Raises:
            MockIdPError: There is no such user or client, or the words contradict each other.
        """
        asked = tokens.NewIdToken(
            user=user,
            client=client,
            nonce=nonce,
            scope=scope,
            claims=claims,
            expires_in=expires_in,
            url=url,
            **tokens.check_flaws("id_token", claims, words),
        )
        return self._call(tokens.ID_TOKEN, asked).id_token

    def impersonation_link(
        self,
        user: str,
        *,
        impersonator: str | None = None,
        client: str | None = None,
        state: str | None = None,
        callback_url: str | None = None,
        response_type: str | None = None,
        response_mode: Literal["form_post"] | None = None,
        scope: str | None = None,
        audience: str | None = None,
        ttl: int | None = None,
        url: str | None = None,
    ) -> str:
        """Return a link that logs an admin in as a user. It can be opened once, unchanged.

        Args:
            user: The user to impersonate: by id, the id's last part, or e-mail.
            impersonator: The admin; by default the user called admin, else another than `user`.
            client: The client whose callback the link leads to, by id; by default the first
                client with a callback.
            state: Returned to the callback. Without it, opening the link answers `Bad mac`, as
                Auth0 does, unless the setting `impersonation.require_state` is false.
            callback_url: One of the client's callbacks; by default its first.
            response_type: `code`, `token` or `token id_token`; by default `code`.
            response_mode: `form_post` posts the response to the callback; by default it redirects.
            scope: By default `openid`.
            audience: Used if the setting `impersonation.honour_audience` is true.
            ttl: The lifetime in seconds; by default the setting `impersonation.ttl`.
            url: The tenant's URL at which the link is valid; by default the setting `browser_url`,
                else `issuer`, else the property `url`. For https, pass `tls_url`.

        Raises:
            MockIdPError: There is no such user or client, the callback is not one of the client's,
                or the setting `impersonation.enabled` is false.
        """
        asked = link.NewLink(
            user=user,
            impersonator=impersonator,
            client=client,
            state=state,
            callback_url=callback_url,
            response_type=response_type,
            response_mode=response_mode,
            scope=scope,
            audience=audience,
            ttl=ttl,
            url=url,
        )
        return self._call(link.IMPERSONATION_LINK, asked).url

    def explain(self, thing: str) -> explain.Explanation:
        """Explain a link, a bewit, a token, a code or a callback URL, and why it is refused.

        Args:
            thing: The link, token, code or URL. It is not used up.
        """
        return self._call(explain.EXPLAIN, explain.Thing(thing=thing))

    # --- faults ---

    def fault(
        self,
        endpoint: Place,
        *,
        when: WhenFields | Callable[[FaultContext], bool] | None = None,
        **words: Unpack[FaultWords],
    ) -> F:
        """Add a fault. Takes effect with the next exchange.

        Args:
            endpoint: An endpoint such as `token`, `*` for all of them, `callback`, `id_token` or
                `access_token`.
            when: The exchanges to which it applies: by `client`, `user`, `audience` and `grant`,
                or a function that decides; by default all. `RemoteIdP` takes no function.
            **words: What goes wrong, and how often. All words are listed at
                https://github.com/mockidp/mockidp/blob/main/docs/reference/faults.md.

        Returns:
            The fault, with its counts and `cancel`. As a context manager, it ends with its block.

        Raises:
            MockIdPError: The endpoint or a word does not exist, or words contradict each other.
        """
        predicate, named = (when, {}) if callable(when) else (None, when or {})
        fault = parse_fault({"endpoint": endpoint, "when": named, **words})
        return self._add_fault(fault, predicate)

    # --- keys and state ---

    def list_keys(self) -> list[state.PublishedKey]:
        """Return the keys of the JWKS: current, next, and previous ones."""
        return self._call(state.LIST_KEYS, Nothing())

    def rotate_keys(self) -> str:
        """Sign with the next key from now on. Return its `kid`."""
        return self._call(state.ROTATE_KEYS, Nothing()).kid

    def revoke_key(self, kid: str) -> None:
        """Revoke a previous key: tokens that it signed are no longer accepted.

        Args:
            kid: The key's id; `list_keys` returns those of all keys.

        Raises:
            MockIdPError: No previous key has that id.
        """
        self._call(state.REVOKE_KEY, kid)

    def reset(self) -> None:
        """Return to the state at the start, with clock and seed. Clear faults, journal, outbox."""
        self._call(state.RESET, Nothing())

    def snapshot(self) -> Snapshot:
        """Return a snapshot of the tenant's state, without faults, journal and outbox."""
        return self._call(state.SNAPSHOT, Nothing())

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a snapshot.

        Raises:
            MockIdPError: It is not a snapshot.
        """
        self._call(state.RESTORE, check_snapshot(snapshot))
