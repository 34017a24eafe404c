"""A tenant whose users connect with Google, and the clients that get Google's tokens."""

from dataclasses import replace

from helpers.acme import ACME, API, api, policy, public_client, web_client
from mockidp.protocol.my_account import MY_ACCOUNT_SCOPES
from mockidp.protocol.oauth.grant_types import (
    AUTHORIZATION_CODE,
    PASSWORD,
    REFRESH_TOKEN,
    TOKEN_VAULT,
)
from mockidp.protocol.tokens.token_exchange import ACCESS_TOKEN
from mockidp.protocol.tokens.token_vault import FEDERATED_TOKEN, REFRESH_TOKEN_TYPE
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.client_tokens import RefreshTokenPolicy
from mockidp.resources.connected_account import ConnectedAccount
from mockidp.resources.connection import (
    ConnectedAccountsPurpose,
    Connection,
    ConnectionOptions,
    ConnectionPurpose,
)
from mockidp.resources.user import User

GOOGLE, SLACK = "google-oauth2", "slack"
CALENDAR = "https://www.googleapis.com/auth/calendar"
ME_API = "http://localhost:9400/me/"
NOT_FOUND = (
    401,
    "federated_connection_refresh_token_not_found",
    "Federated connection Refresh Token not found.",
)
_GRANTS = (AUTHORIZATION_CODE, PASSWORD, REFRESH_TOKEN, TOKEN_VAULT)
_ON = ConnectedAccountsPurpose(active=True)


def vault_client(client_id, **fields):
    return web_client(client_id, **{"grant_types": _GRANTS} | fields)


TENANT = replace(
    ACME,
    clients=(
        *ACME.clients,
        vault_client("planner"),
        vault_client("no-vault", grant_types=_GRANTS[:3]),
        vault_client("foreign", is_first_party=False),
        vault_client("old", oidc_conformant=False),
        vault_client("rotating", refresh_token=RefreshTokenPolicy(rotation_type="rotating")),
        public_client("open", grant_types=_GRANTS),
        web_client(
            "items-api",
            app_type="resource_server",
            resource_server_identifier=API,
            grant_types=(TOKEN_VAULT,),
            callbacks=(),
        ),
    ),
    resource_servers=(
        *ACME.resource_servers,
        api(ME_API, *MY_ACCOUNT_SCOPES, subject_type_authorization=policy(user="allow_all")),
    ),
    client_grants=(
        *ACME.client_grants,
        ClientGrant(
            client_id="planner", audience=ME_API, scope=MY_ACCOUNT_SCOPES, subject_type="user"
        ),
    ),
    connections=(
        *ACME.connections,
        Connection(
            name=GOOGLE,
            strategy=GOOGLE,
            connected_accounts=_ON,
            options=ConnectionOptions(extra={"scope": ["email", "profile"]}),
        ),
        Connection(
            name=SLACK,
            strategy="oauth2",
            connected_accounts=_ON,
            authentication=ConnectionPurpose(active=False),
            enabled_clients=("planner",),
            options=ConnectionOptions(extra={"scope": "chat:write users:read"}),
        ),
        Connection(name="github", strategy="github"),
        Connection(name="box", strategy="box", connected_accounts=_ON, enabled_clients=("web",)),
    ),
    users=(
        *ACME.users,
        User(
            user_id="auth0|vera",
            email="vera@acme.example",
            password="Passw0rd!",
            connected_accounts=(
                ConnectedAccount(connection=GOOGLE, access_token="of-vera", scopes=(CALENDAR,)),
            ),
        ),
        User(
            user_id=f"{GOOGLE}|1001",
            connection=GOOGLE,
            email="gina@gmail.example",
            name="Gina Doe",
        ),
    ),
)


def refresh_token(idp, user="alice", client_id="planner"):
    """Return a refresh token of a user."""
    form = {"username": f"{user}@acme.example", "password": "Passw0rd!", "audience": API}
    scope = "openid offline_access"
    return idp.token(grant_type=PASSWORD, client_id=client_id, scope=scope, **form).json[
        "refresh_token"
    ]


def exchange(idp, subject_token, **form):
    """Exchange a refresh token as the client `planner` does. None omits a parameter."""
    defaults = {
        "grant_type": TOKEN_VAULT,
        "client_id": "planner",
        "subject_token": subject_token,
        "subject_token_type": REFRESH_TOKEN_TYPE,
        "requested_token_type": FEDERATED_TOKEN,
        "connection": GOOGLE,
    }
    return idp.token(**defaults | form)


def exchange_access_token(idp, access_token, **form):
    """Exchange an access token as the service of the API does."""
    defaults = {"client_id": "items-api", "subject_token_type": ACCESS_TOKEN}
    return exchange(idp, access_token, **defaults | form)
