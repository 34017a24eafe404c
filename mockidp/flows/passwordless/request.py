"""Read a passwordless request: its client, connection and recipient.

Auth0: a property that is missing, wrong or not allowed has its own error, `bad.` and its
name.
"""

from __future__ import annotations

import re
from typing import Any

from mockidp.flows.authorization.strict import why_not_for_strict
from mockidp.flows.clients.authentication import authenticate_client
from mockidp.flows.hints.clients import hint_for_unknown_client
from mockidp.flows.hints.known import did_you_mean, list_known
from mockidp.protocol.errors.hint import join_hints
from mockidp.protocol.errors.oauth_error import UnauthorizedClient
from mockidp.protocol.login.passwordless import (
    BadPropertyError,
    missing_property,
    recipient_property,
    wrong_type,
)
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.table import ParameterTable
from mockidp.resources.checks import check_email
from mockidp.resources.client import Client
from mockidp.resources.connection import Connection
from mockidp.tenant.tenant import Tenant

_PHONE = r"^\+[0-9]{1,15}$"
_RECIPIENTS = {"email", "phone_number"}
_CREDENTIALS = ("client_secret", "client_assertion")


def read_text(parameters: Parameters, name: str) -> str | None:
    """Return a property, or None if it is absent or empty.

    Raises:
        BadPropertyError: It is not a string.
    """
    value: Any = parameters.raw().get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise wrong_type(name, value, "string")
    return value


def require_text(parameters: Parameters, name: str) -> str:
    """Return a property.

    Raises:
        BadPropertyError: It is absent, empty or not a string.
    """
    value = read_text(parameters, name)
    if value is None:
        hint = parameters.why_absent(name) or f"Property `{name}` was not sent. Send it."
        raise missing_property(name, hint=hint)
    return value


def find_client(tenant: Tenant, parameters: Parameters) -> Client:
    """Return the client of a request, without authenticating it.

    Raises:
        BadPropertyError: `client_id` is missing or unknown.
    """
    with tenant.trace.check("client_id", sent=parameters.raw().get("client_id")):
        client_id = require_text(parameters, "client_id")
        client = tenant.directory.client(client_id)
        if client is None:
            raise BadPropertyError(
                "client_id",
                f"Unknown client: {client_id}",
                hint=f"No client has the `client_id` {client_id!r}. "
                + hint_for_unknown_client(tenant.directory, client_id),
            )
        if hint := why_not_for_strict(client):
            raise BadPropertyError("client_id", f"Client not allowed: {client_id}", hint=hint)
    tenant.trace.note(client=client.client_id)
    return client


def check_client_authentication(
    tenant: Tenant, base_url: str, client: Client, parameters: Parameters
) -> None:
    """Check the credentials of a client: those that it sends, and those that it has to send.

    Raises:
        OAuthError: They are missing or wrong.
    """
    if any(parameters.raw().get(name) for name in _CREDENTIALS):
        authenticate_client(tenant, base_url, parameters, None)
        return
    flags = tenant.directory.configuration.tenant.flags
    is_enforced = flags.enforce_client_authentication_on_passwordless_start
    with tenant.trace.check("client_secret", is_sent=False, enforced=is_enforced):
        if is_enforced and not client.is_public:
            raise UnauthorizedClient(
                "Client authentication is required",
                hint=f"Client {client.client_id} has a secret, but sent none in the body. Send "
                "`client_secret`, use a client with `token_endpoint_auth_method: none`, or set the "
                "flag `enforce_client_authentication_on_passwordless_start` of the tenant to "
                "false.",
            )


def find_connection(tenant: Tenant, client: Client, parameters: Parameters) -> Connection:
    """Return the passwordless connection that a request names.

    Raises:
        BadPropertyError: It is missing, unknown, not enabled for the client or of another strategy.
    """
    directory = tenant.directory
    enabled = directory.connections_for(client)
    with tenant.trace.check("connection", sent=parameters.raw().get("connection"), enabled=enabled):
        name = require_text(parameters, "connection")
        connection = directory.connection(name)
        if connection is None:
            known = list_known("connections", name, directory.connections)
            raise BadPropertyError(
                "connection",
                "Connection does not exist",
                hint=f"The tenant has no connection {name!r}. {known} Add one with `strategy: "
                "email` or `strategy: sms` to `connections` in the tenant file.",
            )
        if name not in enabled:
            raise BadPropertyError(
                "connection", "Connection is disabled", hint=_why_disabled(connection, client)
            )
        if not connection.is_passwordless:
            raise BadPropertyError(
                "connection",
                "Invalid connection strategy. It must either be a passwordless connection",
                hint=f"Connection {name} has the strategy {connection.strategy}. Only the "
                "strategies email and sms are passwordless.",
            )
    return connection


def _why_disabled(connection: Connection, client: Client) -> str:
    return (
        f"Connection {connection.name} is not enabled for client {client.client_id}. "
        + connection.how_to_enable(client)
    )


def check_properties(
    tenant: Tenant, table: ParameterTable, connection: Connection, parameters: Parameters
) -> None:
    """Check that a request has no other properties than those that Auth0 allows.

    Raises:
        BadPropertyError: It has.
    """
    known = {one.name for one in table if not one.is_header}
    allowed = known - _RECIPIENTS | {recipient_property(connection)}
    others = [name for name in parameters.raw() if name not in allowed]
    with tenant.trace.check("properties", not_allowed=others):
        if others:
            near = next(filter(None, (did_you_mean(one, allowed) for one in others)), "")
            raise BadPropertyError(
                "request",
                f"the following properties are not allowed: {', '.join(others)}",
                hint=join_hints(
                    f"Auth0 accepts only these properties: {', '.join(sorted(allowed))}.", near
                ),
            )


def read_recipient(tenant: Tenant, connection: Connection, parameters: Parameters) -> str:
    """Return the e-mail address in lower case, or the phone number.

    Raises:
        BadPropertyError: It is missing or malformed.
    """
    name = recipient_property(connection)
    with tenant.trace.check(name, sent=parameters.raw().get(name)):
        return parse_address(connection, require_text(parameters, name), field=name)


def parse_address(connection: Connection, sent: str, *, field: str) -> str:
    """Return an e-mail address in lower case, or a phone number.

    Raises:
        BadPropertyError: It is malformed. The hint names the field that has it.
    """
    if connection.is_email:
        email = sent.strip()
        if check_email(email) is None:
            return email.lower()
        raise BadPropertyError(
            "email",
            f"error in email - email format validation failed: {sent}",
            hint=f"Property `{field}` is {sent!r}, which is not an e-mail address.",
        )
    if re.fullmatch(_PHONE, sent) is None or "\n" in sent:
        raise BadPropertyError(
            "phone_number",
            f"String does not match pattern: {_PHONE}",
            hint=f"Property `{field}` is {sent!r}. Send the number with its country code and "
            "without spaces, such as +15550100.",
        )
    return sent
