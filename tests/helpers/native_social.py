"""A tenant with Apple, Facebook and Google, and an app that uses their SDKs."""

from dataclasses import replace

from helpers.acme import ACME, public_client
from mockidp.protocol.login.native_social import APPLE, FACEBOOK, GOOGLE
from mockidp.protocol.oauth.grant_types import AUTHORIZATION_CODE, REFRESH_TOKEN, TOKEN_EXCHANGE
from mockidp.protocol.tokens.token_exchange import SubjectToken
from mockidp.resources.client_tokens import NativeProviderLogin, NativeSocialLogin
from mockidp.resources.connection import Connection
from mockidp.resources.user import User
from mockidp.tenant.content.settings import Settings

ON = NativeProviderLogin(enabled=True)
ALL = NativeSocialLogin(apple=ON, facebook=ON, google=ON)
NO_CONNECTION = (400, "invalid_request", "no connections enabled for the client")
INVALID_CODE = (403, "invalid_grant", "Invalid authorization code")
INVALID_TOKEN = (403, "invalid_grant", "Invalid subject_token")


def app(client_id, **fields):
    return public_client(
        client_id,
        **{
            "grant_types": (AUTHORIZATION_CODE, REFRESH_TOKEN),
            "app_type": "native",
            "native_social_login": ALL,
        }
        | fields,
    )


def _user(user_id, connection, **fields):
    return User(user_id=user_id, connection=connection, **fields)


TENANT = replace(
    ACME,
    clients=(
        *ACME.clients,
        app("mobile"),
        app("off", native_social_login=NativeSocialLogin(google=ON)),
        app("elsewhere"),
        app("organized", organization_usage="require"),
    ),
    connections=(
        *ACME.connections,
        *(
            Connection(name=one, strategy=one, enabled_clients=("mobile", "off", "organized"))
            for one in ("apple", "facebook", "google-oauth2")
        ),
    ),
    users=(
        *ACME.users,
        _user("apple|ada", "apple", email="ada@icloud.example", email_verified=True),
        _user("facebook|1", "facebook", email="fay@fb.example", email_verified=True, name="Fay"),
        _user("google-oauth2|1001", "google-oauth2", email="gina@gmail.example", name="Gina"),
        _user("google-oauth2|1002", "google-oauth2", email="blocked@gmail.example", blocked=True),
    ),
    mockidp=Settings(
        subject_tokens=(
            SubjectToken(connection="google-oauth2", token="fixed", user="gina@gmail.example"),
            SubjectToken(connection="google-oauth2", token="of-alice", user="auth0|alice"),
            SubjectToken(connection="apple", token="suspended", error="access_denied"),
        )
    ),
)
_KINDS = {"apple": APPLE, "facebook": FACEBOOK, "google-oauth2": GOOGLE}


def exchange(idp, token, connection="apple", **form):
    """Exchange what an SDK has returned, as the app `mobile` does. None omits a parameter."""
    client_id = form.pop("client_id", "mobile")
    defaults = {
        "grant_type": TOKEN_EXCHANGE,
        "client_id": client_id,
        "client_secret": None,
        "subject_token": token,
        "subject_token_type": _KINDS[connection].kind,
        "scope": "openid profile email",
    }
    return idp.token(**defaults | form)
