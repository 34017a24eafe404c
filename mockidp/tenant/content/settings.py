"""All settings of the mock.

A setting is a key under `mockidp:` in the tenant file, `--set NAME=VALUE` on the command line
(`impersonation.ttl=60`) and `MOCKIDP_<NAME>` in the environment (`MOCKIDP_IMPERSONATION_TTL`). Only
the file can set the lists `claims`, `subject_tokens`, `identity_providers` and `faults`. If Auth0's
behavior is uncertain, `docs/fidelity.md` has the evidence for the default.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from mockidp.faults.fault import Fault
from mockidp.frozen import frozen
from mockidp.protocol.login.identity_provider import IdentityProvider
from mockidp.protocol.tokens.custom_claim import CustomClaim
from mockidp.protocol.tokens.token_exchange import SubjectToken
from mockidp.storage.store import CAPACITY


@frozen
class ImpersonationSettings:
    """Settings of impersonation links."""

    enabled: bool | None = None
    """Whether impersonation is enabled. If not, requests for a link get 403. By default, it is
    enabled unless `tenant.flags.disable_impersonation` is true."""
    require_state: bool = True
    """Whether opening a link with an empty or absent state fails with Bad mac."""
    single_use: bool = True
    """Whether a link works only once. If not, it works until it expires."""
    honour_audience: bool = False
    """Whether the access token is a JWT for `additionalParameters.audience`, or for the tenant's
    default audience."""
    sso_session: bool = False
    """Whether opening a link starts a session in the browser."""
    claims_in_id_token: bool = False
    """Whether the ID token contains `impersonated` and `impersonator`, as /userinfo does."""
    ttl: int = 120
    """Seconds until a link expires, unless the request has its own `ttl`."""
    key_id: str | None = None
    """The bewit's id; by default the `client_id` of the global client."""
    key: str | None = None
    """The bewit's key; by default generated. Set it if another Hawk library has to verify links."""


@frozen
class Settings:
    """The tenant file's section `mockidp`."""

    issuer: str | None = None
    """The issuer for all requests except those to other custom domains; by default it follows the
    scheme and host of each request."""
    browser_url: str | None = None
    """The mock's URL for browsers, if the app uses another one; by default the issuer. It does
    not apply to logins at a custom domain."""
    trust_proxy: bool = False
    """Whether to trust X-Forwarded-Proto, -Host, -Port and -Prefix of a proxy."""
    hosts: tuple[str, ...] = ()
    """Host names to answer to, in addition to loopback, single-label and test names. For https, the
    certificate authority may sign only for these and for local names."""
    accept_tokens_of_other_domains: bool = False
    """Whether /userinfo, the MFA API and the Management API accept access tokens of another domain
    of the tenant, and logouts its ID tokens."""
    client_ca: str | None = None
    """The authorities whose client certificates the https listener accepts, as PEM, in addition to
    self-signed ones: https://github.com/mockidp/mockidp/blob/main/docs/how-to/mutual-tls.md."""
    backchannel_hosts: tuple[str, ...] = ()
    """Hosts to which logout tokens may be posted, in addition to loopback, private addresses,
    single-label and test names."""
    profile: Literal["auth0", "oidc"] = "auth0"
    """`auth0` answers as Auth0 does; `oidc` follows the standard where the two differ:
    https://github.com/mockidp/mockidp/blob/main/docs/reference/oidf.md."""
    consent_on_localhost: bool = False
    """Whether a callback on localhost always asks for consent, as Auth0 does."""
    accept_any_client: bool = False
    """Whether any client id and secret, and any loopback callback, are accepted."""
    accept_any_audience: bool = False
    """Whether any audience is accepted as an API, with any scope."""
    accept_raw_basic_credentials: bool = False
    """Whether a Basic header may carry id and secret without form encoding (RFC 6749 2.3.1)."""
    authorization_code_lifetime: int = 60
    """Seconds until an authorization code expires."""
    login_lifetime: int = 3600
    """Seconds until a login page expires."""
    capacity: int = CAPACITY
    """How many sessions the tenant keeps, and how many authorization codes, refresh tokens and so
    on. Beyond that, those that were not changed for the longest time are deleted:
    https://github.com/mockidp/mockidp/blob/main/docs/how-to/large-tenants.md."""
    fragment_id_token_limit: int = 3584
    """The maximum length of an ID token in a fragment, in characters."""
    unknown_client_status: int = 400
    """The status of the error page for an unknown client at /authorize."""
    blocked_user_error: Literal["unauthorized", "invalid_grant"] = "unauthorized"
    """The error for a blocked user's password at /oauth/token, with its status: 401 or 403."""
    refresh_token_reuse_error: Literal["reused", "unknown"] = "reused"
    """Whether the description distinguishes a reused refresh token from an unknown one."""
    legacy_lock_api: bool = False
    """Whether pages of other origins may call /user/ssodata and /usernamepassword/login, as they
    could until August 2018. If not, only pages at the tenant's own origin may."""
    mfa_audiences: tuple[str, ...] = ()
    """APIs whose tokens require a second factor, as an Auth0 Action can require it:
    https://github.com/mockidp/mockidp/blob/main/docs/how-to/mfa.md."""
    breached_passwords: tuple[str, ...] = ()
    """Passwords that were disclosed in a data breach. Logins, sign-ups and resets with them are
    refused, unless `attackProtection.breachedPasswordDetection` allows them."""
    rate_limits: Literal["off", "auth0"] = "off"
    """Whether Auth0's rate limits apply, counted on the tenant's clock:
    https://github.com/mockidp/mockidp/blob/main/docs/how-to/rate-limits.md."""
    impersonation: ImpersonationSettings = ImpersonationSettings()
    claims: tuple[CustomClaim, ...] = ()
    """Custom claims in tokens and /userinfo:
    https://github.com/mockidp/mockidp/blob/main/docs/how-to/custom-claims.md."""
    subject_tokens: tuple[SubjectToken, ...] = ()
    """The tokens that clients may exchange, and their users:
    https://github.com/mockidp/mockidp/blob/main/docs/how-to/token-exchange.md."""
    identity_providers: tuple[IdentityProvider, ...] = ()
    """The keys of the identity providers of enterprise connections, for Universal Logout and Cross
    App Access: https://github.com/mockidp/mockidp/blob/main/docs/how-to/logout.md."""
    faults: tuple[Fault, ...] = ()
    """Faults that are active from the start:
    https://github.com/mockidp/mockidp/blob/main/docs/reference/faults.md."""

    @property
    def own_hosts(self) -> tuple[str, ...]:
        """The names of `hosts` and of the URLs here, served in addition to local names."""
        urls = (self.issuer, self.browser_url)
        return (*self.hosts, *(urlsplit(url).hostname or "" for url in urls if url))
