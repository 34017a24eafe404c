"""The record classes of the stores, which only snapshots and saved stores need at run time."""

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
from mockidp.protocol.oauth.device_code import DeviceAuthorization
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

__all__ = [
    "Authenticator",
    "AuthorizationCode",
    "BlacklistedToken",
    "Bucket",
    "ConnectRequest",
    "Consent",
    "DeclinedPasskey",
    "DeviceAuthorization",
    "DeviceCredential",
    "FailedLogins",
    "Guesses",
    "ImpersonationLink",
    "Invitation",
    "Job",
    "LoginTicket",
    "LoginTransaction",
    "MfaTransaction",
    "OobChallenge",
    "OpaqueToken",
    "Passkey",
    "PasskeyChallenge",
    "PasswordlessCode",
    "PreviousPasswords",
    "ProviderAnswer",
    "PushedRequest",
    "RefreshToken",
    "RefreshTokenFamily",
    "RememberedBrowser",
    "ScimGroup",
    "ScimToken",
    "Session",
    "SessionTransferToken",
    "Ticket",
    "UsedAssertion",
]
