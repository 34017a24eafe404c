"""The test method `native_social_token`: what the SDK of an identity provider gives an app."""

from __future__ import annotations

from dataclasses import field

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.protocol.login.login_results import ProviderAnswer
from mockidp.protocol.login.native_social import BY_STRATEGY, NativeProvider
from mockidp.resources.checks import check_email
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant
from mockidp.testing.method import MINIMUM, Method, Target, answer, parameters
from mockidp.testing.named import named_user, unknown


@frozen
class NewNativeSocialToken:
    """The parameters of a subject token: a user, or a person who logs in for the first time."""

    user: str | None = None
    """A user of the connection, by id, the id's last part, or e-mail."""
    connection: str | None = None
    """The connection with Apple, Facebook or Google; by default that of the user."""
    email: str | None = None
    """The verified e-mail address of a person, in place of `user`."""
    name: str | None = None
    """The person's name."""
    expires_in: int | None = field(default=None, metadata={MINIMUM: 1})
    """The lifetime in seconds; by default that of the provider."""


@frozen
class NativeSocialToken:
    """A subject token."""

    subject_token: str
    subject_token_type: str
    expires_in: int
    """Seconds until it expires."""


def _native_social_token(target: Target, request: NewNativeSocialToken) -> NativeSocialToken:
    """Make a code or token of the SDK of Apple, Facebook or Google, which an app can exchange."""
    tenant = target.tenant
    said = _identify(tenant, request)
    connection = _connection(tenant, said.connection)
    provider = _provider(connection)
    lifetime = provider.lifetime if request.expires_in is None else request.expires_in
    expires_at = tenant.now() + lifetime
    tenant.native_social_tokens.put(said.code, said, expires_at=expires_at)
    return NativeSocialToken(
        subject_token=said.code, subject_token_type=provider.kind, expires_in=lifetime
    )


def _identify(tenant: Tenant, request: NewNativeSocialToken) -> ProviderAnswer:
    """Return what the provider says about the person."""
    if (request.user is None) == (request.email is None and request.name is None):
        raise MockIdPError("Name a `user`, or a person by `email` or `name`.")
    code = tenant.ids.code()
    if request.user is not None:
        user = next(
            (
                one
                for one in tenant.directory.users.named(request.user)
                if request.connection in (None, one.connection)
            ),
            None,
        )
        if user is None:
            other = named_user(tenant, request.user)
            raise MockIdPError(
                f"User {other.user_id} belongs to connection {other.connection}, and not to "
                f"{request.connection}. Name a user of that connection."
            )
        return ProviderAnswer(connection=user.connection, code=code, user_id=user.user_id)
    if request.connection is None:
        raise MockIdPError("Name the `connection` of a person who is not a user yet.")
    if request.email is not None and check_email(request.email):
        raise MockIdPError(f"{request.email!r} is not an e-mail address.")
    return ProviderAnswer(
        connection=request.connection,
        code=code,
        name=request.name,
        email=request.email.lower() if request.email else None,
        email_verified=request.email is not None,
    )


def _connection(tenant: Tenant, name: str) -> Connection:
    connection = tenant.directory.connection(name)
    if connection is None:
        raise unknown("connection", name, tenant.directory.connections)
    return connection


def _provider(connection: Connection) -> NativeProvider:
    provider = BY_STRATEGY.get(connection.strategy)
    if provider is None:
        raise MockIdPError(
            f"Connection {connection.name} has the strategy {connection.strategy}. Native social "
            f"login is for {', '.join(BY_STRATEGY)}."
        )
    return provider


NATIVE_SOCIAL_TOKEN = Method(
    name="native_social_token",
    http="POST /native-social-tokens",
    function=_native_social_token,
    parameters=parameters(NewNativeSocialToken),
    answer=answer(NativeSocialToken),
)
