"""The stores for what a tenant has issued, each declared once, and their indexes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from mockidp.frozen import replace
from mockidp.protocol.oauth.user_code import normalize_user_code
from mockidp.storage.store import IndexValues, Store, StoreSpec

if TYPE_CHECKING:
    from mockidp.tenant.state import store_records as records

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


def _request_client(one: records.LoginTransaction | records.DeviceAuthorization) -> tuple[str]:
    return (one.request.client_id,)


def _user_code(device: records.DeviceAuthorization) -> tuple[str]:
    return (normalize_user_code(device.user_code),)


def _indexed(indexes: Mapping[str, IndexValues[Any]]) -> Any:
    """Declare a store with these indexes. Every tenant replaces the declaration with its store."""
    return indexes


class ArtifactStores:
    """The stores of a tenant. A new store is one line here: its name, record class and indexes.

    Attributes:
        stores: The stores by the names that snapshots have.
    """

    sessions: Store[records.Session] = _indexed(_BY_USER | {SID: _by("sid")})
    logins: Store[records.LoginTransaction] = _indexed({CLIENT: _request_client})
    codes: Store[records.AuthorizationCode] = _indexed(_BY_USER | _BY_CLIENT)
    opaque_tokens: Store[records.OpaqueToken] = _indexed(_BY_USER | _BY_CLIENT | _BY_CODE)
    refresh_tokens: Store[records.RefreshToken] = _indexed({FAMILY: _by("family_id")})
    refresh_families: Store[records.RefreshTokenFamily] = _indexed(
        _BY_USER | _BY_CLIENT | _BY_CODE | {SID: _by("sid")}
    )
    device_credentials: Store[records.DeviceCredential] = _indexed(_BY_USER | _BY_CLIENT)
    blacklisted_tokens: Store[records.BlacklistedToken] = _indexed({})
    consents: Store[records.Consent] = _indexed(_BY_USER | _BY_CLIENT)
    links: Store[records.ImpersonationLink] = _indexed(_BY_USER | _BY_CLIENT)
    failed_logins: Store[records.FailedLogins] = _indexed({SUBJECT: _by("subject")})
    pushed_requests: Store[records.PushedRequest] = _indexed(_BY_CLIENT)
    device_codes: Store[records.DeviceAuthorization] = _indexed(
        {CLIENT: _request_client, USER_CODE: _user_code}
    )
    used_assertions: Store[records.UsedAssertion] = _indexed(_BY_CLIENT)
    login_tickets: Store[records.LoginTicket] = _indexed(_BY_USER | _BY_CLIENT)
    session_transfer_tokens: Store[records.SessionTransferToken] = _indexed(_BY_USER | _BY_CLIENT)
    native_social_tokens: Store[records.ProviderAnswer] = _indexed(_BY_USER)
    connect_requests: Store[records.ConnectRequest] = _indexed(
        _BY_USER | _BY_CLIENT | {TICKET: _by("ticket")}
    )
    passwordless_codes: Store[records.PasswordlessCode] = _indexed(_BY_CLIENT)
    tickets: Store[records.Ticket] = _indexed(_BY_USER | _BY_CLIENT)
    previous_passwords: Store[records.PreviousPasswords] = _indexed(_BY_USER)
    authenticators: Store[records.Authenticator] = _indexed(_BY_USER)
    passkeys: Store[records.Passkey] = _indexed(_BY_USER)
    declined_passkeys: Store[records.DeclinedPasskey] = _indexed(_BY_USER)
    passkey_challenges: Store[records.PasskeyChallenge] = _indexed(_BY_CLIENT | _BY_USER)
    mfa_transactions: Store[records.MfaTransaction] = _indexed(_BY_USER | _BY_CLIENT)
    oob_challenges: Store[records.OobChallenge] = _indexed(_BY_USER)
    mfa_guesses: Store[records.Guesses] = _indexed({})
    invitations: Store[records.Invitation] = _indexed(
        _BY_CLIENT | {ORGANIZATION: _by("organization_id")}
    )
    remembered_browsers: Store[records.RememberedBrowser] = _indexed(_BY_USER)
    jobs: Store[records.Job] = _indexed({TICKET: _by("ticket")})
    scim_tokens: Store[records.ScimToken] = _indexed({CONNECTION: _by("connection_id")})
    scim_groups: Store[records.ScimGroup] = _indexed(
        {CONNECTION: _by("connection_id"), USER: lambda one: tuple(one.members)}
    )
    rate_limit_buckets: Store[records.Bucket] = _indexed({LIMIT: _by("limit")})

    def __init__(
        self, open_store: Callable[[StoreSpec[Any]], Store[Any]], capacity: Callable[[], int]
    ) -> None:
        self.stores: Mapping[str, Store[Any]] = {
            name: open_store(replace(spec, capacity=capacity)) for name, spec in SPECS.items()
        }
        for name, store in self.stores.items():
            setattr(self, name, store)


@cache
def record_classes() -> Mapping[str, type]:
    """Return the record class of each store."""
    # A start needs no records, which take 4 ms and 0.4 MB.
    from mockidp.tenant.state import store_records  # noqa: PLC0415 - see above

    hints = get_type_hints(ArtifactStores, localns={"records": store_records})
    return {name: get_args(hints[name])[0] for name in SPECS}


SPECS: Mapping[str, StoreSpec[Any]] = {
    name: StoreSpec(name=name, indexes=vars(ArtifactStores)[name])
    for name in ArtifactStores.__annotations__
}
"""The declarations of the stores."""
