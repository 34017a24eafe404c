"""The test methods in Python: typed signatures of the declared methods.

A test compares each signature with the parameter record of its declaration, and finds each
declared method here, in the control API and in OpenAPI.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, Unpack

from mockidp.faults import Fault, FaultContext
from mockidp.protocol.login.invitation import DEFAULT_LIFETIME
from mockidp.protocol.tokens.token_exchange import Decider
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.state.snapshot import Snapshot, check_snapshot
from mockidp.testing.assertions import Assertions
from mockidp.testing.method import Method, NoParameters
from mockidp.testing.methods import (
    clock,
    device,
    faults,
    invitation,
    journal,
    outbox,
    sign_in,
    state,
)
from mockidp.testing.methods.claims import (
    ADD_CLAIM,
    LIST_CLAIMS,
    PATCH_CLAIM,
    REMOVE_CLAIM,
    ClaimMethods,
)
from mockidp.testing.methods.logout import LOGOUT_METHODS, LogoutMethods
from mockidp.testing.methods.mfa import MFA_METHODS
from mockidp.testing.methods.passkeys import ADD_PASSKEY, PasskeyMethods
from mockidp.testing.methods.rate_limits import EXHAUST_RATE_LIMIT, RateLimitMethods
from mockidp.testing.signatures.mfa import MfaMethods
from mockidp.testing.signatures.tokens import TOKEN_METHODS, TokenMethods
from mockidp.testing.words import FaultWords, Place, WhenFields

F = TypeVar("F")
P = TypeVar("P")
A = TypeVar("A")

METHODS: tuple[Method[Any, Any], ...] = (
    LIST_CLAIMS,
    ADD_CLAIM,
    PATCH_CLAIM,
    REMOVE_CLAIM,
    sign_in.SIGN_IN_AS,
    sign_in.UNBLOCK,
    *LOGOUT_METHODS,
    device.APPROVE_DEVICE,
    device.DENY_DEVICE,
    *MFA_METHODS,
    ADD_PASSKEY,
    invitation.INVITE,
    *TOKEN_METHODS,
    faults.LIST_FAULTS,
    faults.ADD_FAULT,
    faults.CANCEL_FAULTS,
    faults.GET_FAULT,
    faults.CANCEL_FAULT,
    EXHAUST_RATE_LIMIT,
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


class TenantMethods(
    ClaimMethods,
    MfaMethods,
    PasskeyMethods,
    LogoutMethods,
    RateLimitMethods,
    TokenMethods,
    Assertions,
    Generic[F],
):
    """The test methods of a tenant, local or remote. `F` is the class of an active fault."""

    @abstractmethod
    def _add_fault(self, fault: Fault, predicate: Callable[[FaultContext], bool] | None, /) -> F:
        """Add a fault."""

    # --- logins ---

    def sign_in_as(
        self, user: str, *, client: str | None = None, organization: str | None = None
    ) -> None:
        """Log a user in at the next authorization request, without a page.

        Args:
            user: By id, the id's last part, or e-mail.
            client: The client of the request, by id; by default any client.
            organization: The organization that the user chooses, by id or name, if the client asks
                for one. One that the request names takes precedence.

        Raises:
            MockIdPError: There is no such user, client or organization.
        """
        request = sign_in.SignInAs(user=user, client=client, organization=organization)
        self._call(sign_in.SIGN_IN_AS, request)

    def invite(
        self,
        organization: str,
        email: str,
        *,
        client: str | None = None,
        roles: Sequence[str] = (),
        connection: str | None = None,
        inviter: str = "mockidp",
        ttl: int = DEFAULT_LIFETIME,
        send_email: bool = True,
    ) -> str:
        """Invite a person to an organization, and return the link to the application.

        The link has `invitation`, `organization` and `organization_name`. It works once.

        Args:
            organization: By id or name.
            email: The person's e-mail address, with which they have to log in.
            client: The client that they log in to, by id; by default the first that allows
                organizations. The link leads to its `initiate_login_uri`.
            roles: Names of roles that they get in the organization.
            connection: The connection with which they have to log in; by default any of the
                organization.
            inviter: The name of the person who invites, for the login page and the e-mail.
            ttl: The lifetime in seconds, at most 2592000; by default 604800.
            send_email: Whether the outbox gets a message of kind `user_invitation`.

        Raises:
            MockIdPError: There is no such organization, client, role or connection, or the client
                and the tenant have no login route.
        """
        request = invitation.NewInvitation(
            organization=organization,
            email=email,
            client=client,
            roles=tuple(roles),
            connection=connection,
            inviter=inviter,
            ttl=ttl,
            send_email=send_email,
        )
        return self._call(invitation.INVITE, request).url

    def unblock(self, user: str) -> None:
        """Remove the brute-force blocks of a user, and reset the failed attempts.

        Args:
            user: By id, the id's last part, or e-mail; or a name from failed attempts that no user
                has.

        Raises:
            MockIdPError: There is no such user, and no failed attempt with that name.
        """
        self._call(sign_in.UNBLOCK, user)

    def approve_device(self, user_code: str, user: str) -> None:
        """Confirm a device for a user, without a page. The device gets its tokens.

        Args:
            user_code: The code that the device shows, in any case, with or without separators.
            user: By id, the id's last part, or e-mail.

        Raises:
            MockIdPError: There is no such user, or no device is waiting with that code.
        """
        self._call(device.APPROVE_DEVICE, device.ApproveDevice(user_code=user_code, user=user))

    def deny_device(self, user_code: str) -> None:
        """Cancel the confirmation of a device, without a page. The device gets `access_denied`.

        Args:
            user_code: The code that the device shows, in any case, with or without separators.

        Raises:
            MockIdPError: No device is waiting with that code.
        """
        self._call(device.DENY_DEVICE, device.DenyDevice(user_code=user_code))

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
            endpoint: An endpoint such as `token`, `*` for all of them, `callback`, `id_token`,
                `access_token`, `logout_token` or `backchannel_logout`.
            when: The exchanges to which it applies: by `client`, `user`, `audience`, `grant`,
                `method`, and `resource` of the Management API, or a function that decides; by
                default all. `RemoteIdP` does not accept a function.
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

    # --- token exchange ---

    @abstractmethod
    def _decide_with(self, profile: str, decide: Decider, /) -> None:
        """Let a function decide about the subject tokens of a profile."""

    def exchange_tokens(self, profile: str, decide: Decider) -> None:
        """Let a function decide about subject tokens, as an Action of Auth0 does.

        Takes effect with the next exchange, and ends with a reset.

        Args:
            profile: The name of a token exchange profile. The entries of
                `mockidp.subject_tokens` for it no longer apply.
            decide: Gets a `TokenExchange`. It returns the user, as a record or by id, e-mail or
                username, or calls `deny` or `reject_invalid_subject_token` of the exchange.

        Raises:
            MockIdPError: There is no such profile, or the mock runs elsewhere, where no function
                can be sent.
        """
        self._decide_with(profile, decide)

    # --- keys and state ---

    def list_keys(self) -> list[state.PublishedKey]:
        """Return the keys of the JWKS: current, next, and previous ones."""
        return self._call(state.LIST_KEYS, NoParameters())

    def rotate_keys(self) -> str:
        """Rotate the keys: the next key becomes the current one. Return its `kid`."""
        return self._call(state.ROTATE_KEYS, NoParameters()).kid

    def revoke_key(self, kid: str) -> None:
        """Revoke a previous key: tokens that it signed are no longer accepted.

        Args:
            kid: The key's id; `list_keys` returns those of all keys.

        Raises:
            MockIdPError: No previous key has that id.
        """
        self._call(state.REVOKE_KEY, kid)

    def reset(self) -> None:
        """Restore the initial state, clock and seed.

        Faults, journal, outbox and logout tokens are cleared.
        """
        self._call(state.RESET, NoParameters())

    def snapshot(self) -> Snapshot:
        """Return a snapshot of the tenant's state, without faults, journal and outbox."""
        return self._call(state.SNAPSHOT, NoParameters())

    def restore(self, snapshot: Snapshot) -> None:
        """Restore a snapshot.

        Raises:
            MockIdPError: It is not a snapshot.
        """
        self._call(state.RESTORE, check_snapshot(snapshot))
