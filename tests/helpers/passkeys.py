"""A tenant with passkeys, an authenticator, and the calls of an app that has its own pages."""

from dataclasses import replace
from functools import partial

from helpers.acme import ACME, DATABASE, ORIGIN, URL, user, web_client
from helpers.tenant_client import TenantClient
from mockidp.idp import MockIdP
from mockidp.protocol.oauth.grant_types import AUTHORIZATION_CODE, REFRESH_TOKEN, WEBAUTHN
from mockidp.resources.connection import Connection, ConnectionOptions
from mockidp.testing.software_authenticator import SoftwareAuthenticator

GRANTS = (AUTHORIZATION_CODE, REFRESH_TOKEN, WEBAUTHN)
NEW = {"email": "new@acme.example", "name": "New"}


def database(name, *, enabled=True, **options):
    """Return a database with passkeys."""
    extra = {"authentication_methods": {"passkey": {"enabled": enabled}}}
    return Connection(
        name=name, strategy="auth0", options=ConnectionOptions(extra=extra, **options)
    )


TENANT = replace(
    ACME,
    connections=(database(DATABASE), database("staff"), database("plain", enabled=False)),
    clients=(
        web_client("web", grant_types=GRANTS, web_origins=(ORIGIN,)),
        web_client("other", grant_types=GRANTS),
        web_client("codes", grant_types=(AUTHORIZATION_CODE,)),
        web_client("third", grant_types=GRANTS, is_first_party=False),
        web_client("legacy", grant_types=GRANTS, oidc_conformant=False),
    ),
    client_grants=(),
    users=(user("alice"), user("bob"), replace(user("carol"), connection="staff")),
)


MANAGED = replace(
    ACME,
    connections=(database(DATABASE),),
    clients=tuple(replace(one, grant_types=(*one.grant_types, WEBAUTHN)) for one in ACME.clients),
    tenant=replace(ACME.tenant, default_directory=DATABASE),
)
"""The tenant of the other tests, with passkeys."""


def authenticator(idp, name="alice", **options):
    """Give a user a passkey. Return the authenticator that holds it."""
    return MockIdP(idp.tenant, url=URL).add_passkey(name, **options)


class PasskeyClient(TenantClient):
    """A tenant, and an app that asks for passkeys."""

    def __init__(self, document=TENANT, **options):
        super().__init__(document, **options)

    def start(self, path="challenge", **changed):
        """Send a request to /passkey/challenge or /passkey/register. None omits a property."""
        client_id = changed.get("client_id", "web")
        body = {"client_id": client_id, "client_secret": f"{client_id}-secret", **changed}
        if path == "register":
            body = {"user_profile": NEW, **body}
        sent = {name: one for name, one in body.items() if one is not None}
        return self.post(f"/passkey/{path}", json_body=sent)

    def redeem(self, session, answer, **changed):
        """Send an answer to /oauth/token."""
        client_id = changed.get("client_id", "web")
        body = {
            "grant_type": WEBAUTHN, "client_id": client_id, "client_secret": f"{client_id}-secret",
            "scope": "openid profile email", "auth_session": session, "authn_response": answer,
            **changed,
        }  # fmt: skip
        return self.post("/oauth/token", json_body=body)

    def log_in_with(self, held, *, started=None, **changed):
        """Answer a challenge with a passkey. Return the answer of /oauth/token."""
        challenge = (started or self.start()).json
        answer = held.get(challenge["authn_params_public_key"])
        return self.redeem(challenge["auth_session"], answer, **changed)

    def sign_up(self, *, origin=URL, started=None, **changed):
        """Sign up. Return the authenticator and the answer of /oauth/token."""
        challenge = (started or self.start("register")).json
        held = SoftwareAuthenticator(origin)
        answer = held.create(challenge["authn_params_public_key"])
        return held, self.redeem(challenge["auth_session"], answer, **changed)


def _start(path, idp):
    idp.edit(TENANT)
    body = {"client_id": "web", "client_secret": "web-secret", "user_profile": NEW}
    return idp.post(f"/passkey/{path}", json_body=body)


REQUESTS = {
    "passkey_register": (partial(_start, "register"), 200),
    "passkey_challenge": (partial(_start, "challenge"), 200),
    "passkey_enrollment": (lambda idp: idp.get("/u/passkey-enrollment", state="none"), 400),
}
"""A request to each endpoint of the API and the pages, with the status of its answer."""
