"""`/co/authenticate`: verify a name and a password or code, and return a ticket for /authorize.

Auth0: the client must allow cross-origin authentication, and the origin of the page must be one of
the client's. The response names the ticket, and a verifier for browsers without the cookie.
"""

from __future__ import annotations

from mockidp.flows.accounts.breached import check_login_is_safe
from mockidp.flows.hints.clients import hint_for_unknown_client
from mockidp.flows.hints.urls import how_to_add
from mockidp.flows.login.passwords.realm import default_database_of, password_realm
from mockidp.flows.login.passwords.verify import Credentials, verify_password
from mockidp.flows.passwordless.code import CodeRejected, Recipient, take_code
from mockidp.flows.passwordless.realm import passwordless_realm
from mockidp.flows.passwordless.user import verified_user
from mockidp.frozen import frozen
from mockidp.protocol.errors.oauth_error import (
    AccessDenied,
    BlockedUser,
    InvalidRequest,
    PasswordLeaked,
    TooManyAttempts,
    UnauthorizedClient,
    UnsupportedCredentialType,
)
from mockidp.protocol.errors.refusal_texts import ACCOUNT_BLOCKED, PASSWORD_LEAKED, WRONG_PASSWORD
from mockidp.protocol.login.cross_origin import (
    FIELDS,
    LIFETIME,
    NOT_ALLOWED,
    PASSWORD_TYPE,
    UNKNOWN_TYPE,
    LoginTicket,
    OriginNotAllowed,
)
from mockidp.protocol.oauth.grant_types import PASSWORDLESS_OTP
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.urls.origin import is_loopback_url
from mockidp.protocol.urls.rules import matches_origin
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


@frozen
class CrossOriginCaller:
    """Where a request comes from.

    Attributes:
        origin: The `Origin` header.
        base_url: The URL of the tenant in the request.
        address: The IP address.
        browser: The cookie of an earlier cross-origin login; None for the first.
    """

    origin: str | None
    base_url: str
    address: str
    browser: str | None


def authenticate(
    tenant: Tenant, parameters: Parameters, caller: CrossOriginCaller
) -> tuple[str, LoginTicket]:
    """Return a ticket for the user whose credentials were sent, and its record.

    Raises:
        Refusal: The client or its page may not do this, or the credentials are wrong.
    """
    sent = _read_body(tenant, parameters)
    client = _find_client(tenant, caller.base_url, sent["client_id"])
    _check_origin(tenant, client, caller.origin)
    user = _verify(tenant, client, sent, caller)
    tenant.trace.note(user=user.user_id)
    with tenant.trace.check("user", user=user.user_id, blocked=user.blocked):
        if user.blocked:
            raise BlockedUser("Blocked user", hint=f"User {user.user_id} has `blocked: true`.")
    return _make_ticket(tenant, client, user, caller.browser)


def _read_body(tenant: Tenant, parameters: Parameters) -> dict[str, str]:
    """Return the properties of the request, which are strings that are not empty."""
    sent = parameters.raw()
    kind = sent.get("credential_type")
    with tenant.trace.check("credential_type", sent=kind, known=list(FIELDS)):
        if kind and not (isinstance(kind, str) and kind in FIELDS):
            raise UnsupportedCredentialType(
                UNKNOWN_TYPE,
                hint=f"Property `credential_type` is {kind!r}. Send one of {', '.join(FIELDS)}.",
            )
    names = FIELDS[kind] if kind else FIELDS[PASSWORD_TYPE]
    wrong = [name for name in names if not isinstance(sent.get(name), str) or not sent[name]]
    extra = [name for name in sent if name not in names]
    with tenant.trace.check("body", missing=wrong, extra=extra):
        if wrong or extra:
            required = ", ".join(names)
            lacks = f" It lacks {', '.join(wrong)}, or the value is not a string." if wrong else ""
            more = f" It also has {', '.join(map(repr, extra))}." if extra else ""
            raise InvalidRequest(
                f"Invalid request body. All and only of {required} are required.",
                hint=f"The body must have the properties {required}.{lacks}{more}",
            )
    return {name: sent[name] for name in names}


def _find_client(tenant: Tenant, base_url: str, client_id: str) -> Client:
    """Return the client, which must allow cross-origin authentication."""
    client = tenant.directory.client(client_id, base_url=base_url)
    is_allowed = client is not None and client.allows_cross_origin
    with tenant.trace.check("client_id", sent=client_id, allowed=is_allowed):
        if client is None:
            raise UnauthorizedClient(
                NOT_ALLOWED,
                status=401,
                hint=f"No client has the `client_id` {client_id!r}. "
                + hint_for_unknown_client(tenant.directory, client_id),
            )
        tenant.trace.note(client=client_id)
        if not is_allowed:
            raise UnauthorizedClient(
                NOT_ALLOWED,
                status=401,
                hint=f"Client {client_id} does not have `cross_origin_authentication: true`. Set "
                "it in the tenant file.",
            )
    return client


def _check_origin(tenant: Tenant, client: Client, origin: str | None) -> None:
    entries = (*client.web_origins, *client.allowed_origins, *client.callbacks)
    with tenant.trace.check("origin", sent=origin, allowed=entries):
        if origin is None:
            raise OriginNotAllowed(
                origin,
                hint="The request has no `Origin` header. Browsers send it with every call of a "
                "page at another origin. Send the origin of the app.",
            )
        is_lenient = tenant.settings.accept_any_client and is_loopback_url(origin)
        if not is_lenient and not matches_origin(origin, entries):
            raise OriginNotAllowed(
                origin,
                hint=f"Origin {origin} is in neither `web_origins`, `allowed_origins` nor the "
                f"callbacks of client {client.client_id}. "
                + how_to_add(tenant.directory, client.client_id, "web_origins"),
            )


def _verify(
    tenant: Tenant, client: Client, sent: dict[str, str], caller: CrossOriginCaller
) -> User:
    """Return the user whose credentials were sent."""
    if sent["credential_type"] == PASSWORDLESS_OTP:
        return _verify_code(tenant, client, sent)
    if "realm" in sent:
        connection = password_realm(tenant, client, sent["realm"])
    else:
        connection = default_database_of(tenant, client)
    user = verify_password(
        tenant,
        Credentials(
            username=sent["username"],
            password=sent["password"],
            connections=(connection,),
            address=caller.address,
        ),
        blocked=lambda hint: TooManyAttempts(ACCOUNT_BLOCKED, hint=hint),
        wrong=lambda hint: AccessDenied(WRONG_PASSWORD, hint=hint),
    )
    check_login_is_safe(
        tenant,
        caller.base_url,
        user,
        sent["password"],
        client_id=client.client_id,
        leaked=lambda hint: PasswordLeaked(PASSWORD_LEAKED, hint=hint),
    )
    return user


def _verify_code(tenant: Tenant, client: Client, sent: dict[str, str]) -> User:
    connection = passwordless_realm(tenant, client, sent["realm"])
    address = sent["username"].strip().lower()
    try:
        recipient = Recipient(client=client, connection=connection, address=address)
        take_code(tenant, recipient, sent["otp"])
    except CodeRejected as error:
        raise AccessDenied(error.description, hint=error.hint) from None
    return verified_user(tenant, connection, address)


def _make_ticket(
    tenant: Tenant, client: Client, user: User, browser: str | None
) -> tuple[str, LoginTicket]:
    record = LoginTicket(
        client_id=client.client_id,
        user_id=user.user_id,
        co_id=tenant.ids.opaque_id(),
        verifier=tenant.ids.opaque_id(),
        browser=browser or tenant.ids.opaque_id(),
    )
    ticket = tenant.ids.opaque_id()
    tenant.login_tickets.put(ticket, record, expires_at=tenant.now() + LIFETIME)
    return ticket, record
