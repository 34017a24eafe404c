"""An API with its scopes and token settings: Auth0's `resource-server` resource.

Spec: RFC 9068 (the `rfc9068_profile` dialects).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import ClassVar, Literal

from mockidp.frozen import frozen
from mockidp.protocol.mfa.authentication_methods import MTLS
from mockidp.resources.checks import MAX_API_TOKEN, check_not_empty, check_number
from mockidp.resources.record import Record
from mockidp.resources.resource_type import ResourceType, Summary
from mockidp.resources.rules import Misfit
from mockidp.resources.unsupported import Differs


@frozen
class ApiScope(Record):
    """A permission that an API defines."""

    value: str
    """Its name, such as `read:items`."""
    description: str = ""
    """Its description. No answer depends on it."""


@frozen
class AuthorizationDetailsType(Record):
    """A kind of authorization details that the API understands (RFC 9396 2)."""

    type: str
    """Its name, such as `payment`."""


@frozen
class ClientAccessPolicy(Record):
    """Who may get a token for the API with client_credentials."""

    policy: Literal["require_client_grant", "allow_all", "deny_all"] = "require_client_grant"
    """`require_client_grant` needs an entry of `clientGrants`."""


@frozen
class UserAccessPolicy(Record):
    """Which clients may get a token for the API on a user's behalf."""

    policy: Literal["allow_all", "require_client_grant", "deny_all"] = "allow_all"
    """`require_client_grant` needs an entry of `clientGrants` with `subject_type: user`."""


@frozen
class SubjectTypeAuthorization(Record):
    """The API's access policy for applications themselves and for users."""

    client: ClientAccessPolicy = ClientAccessPolicy()
    """Access of clients themselves (`client_credentials`)."""
    user: UserAccessPolicy = UserAccessPolicy()
    """Access of clients on behalf of users."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset({"anonymous_user"})


@frozen
class ProofOfPossession(Record):
    """How access tokens for the API are bound to a key of the client."""

    mechanism: Literal["mtls", "dpop"] | None = None
    """`mtls` binds them to the TLS certificate of the token request. DPoP is not supported."""
    required: bool = False
    """Whether requests without such a proof get no token."""
    required_for: str | None = None
    """The clients for which it is required. No answer depends on it."""


@frozen
class ResourceServer(Record):
    """One API. `identifier` is the audience; lifetimes are in seconds."""

    identifier: str
    """The audience that requests name to get a token for this API."""
    name: str = ""
    """Its name."""
    id: str = ""
    """Its id. No answer depends on it."""
    scopes: tuple[ApiScope, ...] = field(default=(), metadata={"string_of": "value"})
    """The scopes it defines. Others are not granted."""
    authorization_details: tuple[AuthorizationDetailsType, ...] = field(
        default=(), metadata={"string_of": "type"}
    )
    """The types that requests may have in `authorization_details`. Users consent to each."""
    signing_alg: Literal["RS256", "HS256", "PS256"] = "RS256"
    """How access tokens for it are signed."""
    signing_secret: str | None = None
    """The key of HS256."""
    token_lifetime: int = 86400
    """Seconds until an access token for it expires."""
    token_lifetime_for_web: int = 7200
    """The same for a token that /authorize returns directly (`response_type=token`)."""
    token_dialect: Literal[
        "access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"
    ] = "access_token"
    """The shape of its access tokens. Those ending in `_authz` add the claim `permissions`."""
    enforce_policies: bool = False
    """Whether users get only the scopes that their permissions and roles allow (RBAC)."""
    allow_offline_access: bool = False
    """Whether the scope `offline_access` gives a refresh token."""
    skip_consent_for_verifiable_first_party_clients: bool = True
    """Whether users of first-party clients are not asked for consent."""
    subject_type_authorization: SubjectTypeAuthorization = SubjectTypeAuthorization()
    """Who can get tokens for it."""
    proof_of_possession: ProofOfPossession | None = None
    """Whether its access tokens are bound to a key of the client."""

    COSMETIC: ClassVar[frozenset[str]] = frozenset(
        {
            "allow_online_access_with_ephemeral_sessions", "client_id", "is_system", "options",
            "token_lifetime_for_anonymous_access_tokens",
            "verificationLocation", "verification_location",
        }
    )  # fmt: skip
    DIFFERS: ClassVar[Mapping[str, Differs]] = {
        "access_token": Differs(
            "Auth0 maps claims of access tokens for the API as this field says"
        ),
        "allow_online_access": Differs(
            "Auth0 issues, for the scope online_access, a refresh token that ends with the session"
        ),
        "authorization_policy": Differs("Auth0 evaluates this policy before it issues a token"),
        "consent_policy": Differs("Auth0 asks for consent to each transaction, with MFA"),
        "require_consent_non_repudiation": Differs("Auth0 keeps evidence of each consent"),
        "token_encryption": Differs("Auth0 encrypts access tokens for the API (nested JWE)"),
    }

    @property
    def is_bound_by_mtls(self) -> bool:
        """Whether its access tokens are bound to client certificates."""
        binding = self.proof_of_possession
        return binding is not None and binding.mechanism == MTLS

    @property
    def adds_permissions(self) -> bool:
        """Whether access tokens carry a `permissions` claim."""
        return self.token_dialect.endswith("_authz")

    @property
    def follows_rfc9068(self) -> bool:
        """Whether access tokens have the shape of RFC 9068 rather than Auth0's own."""
        return self.token_dialect.startswith("rfc9068")

    @property
    def scope_values(self) -> tuple[str, ...]:
        """The names of the scopes that the API defines."""
        return tuple(scope.value for scope in self.scopes)


def _summary(api: ResourceServer) -> Summary:
    return {"identifier": api.identifier, "scopes": api.scope_values}


def _check_secret(api: ResourceServer) -> Iterator[Misfit]:
    if api.signing_alg == "HS256" and not api.signing_secret:
        yield Misfit(
            "signing_alg",
            found="HS256 without a signing_secret",
            expected="a signing_secret as well",
        )


API = ResourceType(
    name="api",
    title="API",
    plural="apis",
    record=ResourceServer,
    key="identifier",
    sections={"resourceServers": "APIs."},
    scopes="scopes.value",
    indexes={MTLS: lambda api: ("true",) if api.is_bound_by_mtls else ()},
    unique=("identifier",),
    repeatable=("name",),
    secrets=("signing_secret",),
    defaults=lambda identifier, _fields: {"name": identifier},
    summary=_summary,
    checks={
        (ResourceServer, "identifier"): check_not_empty,
        (ResourceServer, "token_lifetime"): check_number(0, MAX_API_TOKEN),
        (ResourceServer, "token_lifetime_for_web"): check_number(0, MAX_API_TOKEN),
        (ApiScope, "value"): check_not_empty,
        (AuthorizationDetailsType, "type"): check_not_empty,
    },
    check_record=_check_secret,
)
