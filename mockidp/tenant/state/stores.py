"""The stores for what a tenant has issued, each declared once, and their indexes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, get_args, get_type_hints

from mockidp.frozen import replace
from mockidp.protocol.clients.assertion import UsedAssertion
from mockidp.protocol.login.accounts import PreviousPasswords, Ticket
from mockidp.protocol.login.attack_protection import FailedLogins
from mockidp.protocol.login.connected_accounts import ConnectRequest
from mockidp.protocol.login.cross_origin import LoginTicket
from mockidp.protocol.login.invitation import Invitation
from mockidp.protocol.login.login_results import ProviderAnswer
from mockidp.protocol.login.passkeys import DeclinedPasskey, Passkey, PasskeyChallenge
from mockidp.protocol.login.passwordless import PasswordlessCode
from mockidp.protocol.management.job import Job
from mockidp.protocol.mfa.records import (
    Authenticator,
    Guesses,
    MfaTransaction,
    OobChallenge,
    RememberedBrowser,
)
from mockidp.protocol.oauth.device_code import DeviceAuthorization, normalize_user_code
from mockidp.protocol.rate_limits import Bucket
from mockidp.protocol.scim.group import ScimGroup
from mockidp.protocol.scim.token import ScimToken
from mockidp.protocol.tokens.artifacts import (
    AuthorizationCode,
    BlacklistedToken,
    Consent,
    DeviceCredential,
    ImpersonationLink,
    LoginTransaction,
    OpaqueToken,
    PushedRequest,
    RefreshToken,
    RefreshTokenFamily,
    Session,
)
from mockidp.protocol.tokens.session_transfer import SessionTransferToken
from mockidp.storage.store import IndexValues, Store, StoreSpec

USER, CLIENT, FAMILY, SUBJECT, USER_CODE = "user", "client", "family", "subject", "user_code"
LIMIT, CODE, SID, ORGANIZATION, TICKET = "limit", "code", "sid", "organization", "ticket"
CONNECTION = "connection"
"""Names of indexes."""


def _by(field: str) -> IndexValues[Any]:
    """Return an index by a field that may be empty."""

    def values(record: Any) -> tuple[str, ...]:
        value = getattr(record, field)
        return () if value is None else (value,)

    return values


_BY_USER, _BY_CLIENT = {USER: _by("user_id")}, {CLIENT: _by("client_id")}
_BY_CODE = {CODE: _by("code")}
_NO_INDEXES: Mapping[str, IndexValues[Any]] = {}


def _request_client(one: LoginTransaction | DeviceAuthorization) -> tuple[str]:
    return (one.request.client_id,)


def _user_code(device: DeviceAuthorization) -> tuple[str]:
    return (normalize_user_code(device.user_code),)


class ArtifactStores:
    """The stores of a tenant. A new store is one line here: its name, record class and indexes.

    Attributes:
        stores: The stores by the names that snapshots have.
    """

    sessions: Annotated[Store[Session], _BY_USER | {SID: _by("sid")}]
    logins: Annotated[Store[LoginTransaction], {CLIENT: _request_client}]
    codes: Annotated[Store[AuthorizationCode], _BY_USER | _BY_CLIENT]
    opaque_tokens: Annotated[Store[OpaqueToken], _BY_USER | _BY_CLIENT | _BY_CODE]
    refresh_tokens: Annotated[Store[RefreshToken], {FAMILY: _by("family_id")}]
    refresh_families: Annotated[
        Store[RefreshTokenFamily], _BY_USER | _BY_CLIENT | _BY_CODE | {SID: _by("sid")}
    ]
    device_credentials: Annotated[Store[DeviceCredential], _BY_USER | _BY_CLIENT]
    blacklisted_tokens: Annotated[Store[BlacklistedToken], _NO_INDEXES]
    consents: Annotated[Store[Consent], _BY_USER | _BY_CLIENT]
    links: Annotated[Store[ImpersonationLink], _BY_USER | _BY_CLIENT]
    failed_logins: Annotated[Store[FailedLogins], {SUBJECT: _by("subject")}]
    pushed_requests: Annotated[Store[PushedRequest], _BY_CLIENT]
    device_codes: Annotated[
        Store[DeviceAuthorization], {CLIENT: _request_client, USER_CODE: _user_code}
    ]
    used_assertions: Annotated[Store[UsedAssertion], _BY_CLIENT]
    login_tickets: Annotated[Store[LoginTicket], _BY_USER | _BY_CLIENT]
    session_transfer_tokens: Annotated[Store[SessionTransferToken], _BY_USER | _BY_CLIENT]
    native_social_tokens: Annotated[Store[ProviderAnswer], _BY_USER]
    connect_requests: Annotated[
        Store[ConnectRequest], _BY_USER | _BY_CLIENT | {TICKET: _by("ticket")}
    ]
    passwordless_codes: Annotated[Store[PasswordlessCode], _BY_CLIENT]
    tickets: Annotated[Store[Ticket], _BY_USER | _BY_CLIENT]
    previous_passwords: Annotated[Store[PreviousPasswords], _BY_USER]
    authenticators: Annotated[Store[Authenticator], _BY_USER]
    passkeys: Annotated[Store[Passkey], _BY_USER]
    declined_passkeys: Annotated[Store[DeclinedPasskey], _BY_USER]
    passkey_challenges: Annotated[Store[PasskeyChallenge], _BY_CLIENT | _BY_USER]
    mfa_transactions: Annotated[Store[MfaTransaction], _BY_USER | _BY_CLIENT]
    oob_challenges: Annotated[Store[OobChallenge], _BY_USER]
    mfa_guesses: Annotated[Store[Guesses], _NO_INDEXES]
    invitations: Annotated[Store[Invitation], _BY_CLIENT | {ORGANIZATION: _by("organization_id")}]
    remembered_browsers: Annotated[Store[RememberedBrowser], _BY_USER]
    jobs: Annotated[Store[Job], {TICKET: _by("ticket")}]
    scim_tokens: Annotated[Store[ScimToken], {CONNECTION: _by("connection_id")}]
    scim_groups: Annotated[
        Store[ScimGroup], {CONNECTION: _by("connection_id"), USER: lambda one: tuple(one.members)}
    ]
    rate_limit_buckets: Annotated[Store[Bucket], {LIMIT: _by("limit")}]

    def __init__(
        self, open_store: Callable[[StoreSpec[Any]], Store[Any]], capacity: Callable[[], int]
    ) -> None:
        self.stores: Mapping[str, Store[Any]] = {
            name: open_store(replace(spec, capacity=capacity)) for name, spec in SPECS.items()
        }
        for name, store in self.stores.items():
            setattr(self, name, store)


def _declared() -> Mapping[str, tuple[type, Mapping[str, IndexValues[Any]]]]:
    kinds = {}
    for name, hint in get_type_hints(ArtifactStores, include_extras=True).items():
        store, indexes = get_args(hint)
        kinds[name] = (get_args(store)[0], indexes)
    return kinds


KINDS = _declared()
"""The record class and the indexes of each store."""


SPECS: Mapping[str, StoreSpec[Any]] = {
    name: StoreSpec(name=name, indexes=indexes) for name, (_, indexes) in KINDS.items()
}
