"""A tenant of Auth0's legacy pipeline, with clients for each endpoint, and requests to them."""

from dataclasses import replace

from helpers.acme import ACME, DATABASE, ORIGIN, public_client, user, web_client, with_tenant
from helpers.tenant_client import TenantClient, hint
from mockidp.protocol.oauth.grant_types import JWT_BEARER, LEGACY, REFRESH_TOKEN
from mockidp.resources.client_tokens import JwtConfiguration
from mockidp.resources.connection import Connection, ConnectionPurpose
from mockidp.tenant.content.tenant_settings import TenantFlags

FLAGS = TenantFlags(
    allow_legacy_ro_grant_types=True,
    allow_legacy_delegation_grant_types=True,
    allow_legacy_tokeninfo_endpoint=True,
)
GOOGLE, GOOGLE_TOKEN = "google-oauth2", "ya29.of-gina"
GINA = replace(
    user("gina"),
    user_id="google-oauth2|1234",
    password=None,
    connection=GOOGLE,
    identities=(
        {
            "connection": GOOGLE,
            "user_id": "1234",
            "provider": GOOGLE,
            "isSocial": True,
            "access_token": GOOGLE_TOKEN,
        },
    ),
)


def legacy_client(client_id, **fields):
    defaults = {"oidc_conformant": False, "grant_types": (*LEGACY, REFRESH_TOKEN)}
    return public_client(client_id, **defaults | fields)


LEGACY_TENANT = with_tenant(
    replace(
        ACME,
        clients=(
            *ACME.clients,
            legacy_client("old", web_origins=(ORIGIN,), name="Old App"),
            legacy_client("old-api"),
            legacy_client("choosy", allowed_clients=("old-api",)),
            legacy_client("without-grants", grant_types=()),
            web_client(
                "old-hs256",
                client_secret="old-hs256-secret-of-32-characters",
                oidc_conformant=False,
                grant_types=LEGACY,
                jwt_configuration=JwtConfiguration(alg="HS256", lifetime_in_seconds=600),
            ),
            web_client("conformant", oidc_conformant=True, grant_types=LEGACY),
        ),
        connections=(
            *ACME.connections,
            Connection(name=GOOGLE, strategy=GOOGLE),
            Connection(name="github", strategy="github"),
            Connection(name="email", strategy="email"),
            Connection(name="sms", strategy="sms"),
            Connection(name="off", strategy=GOOGLE, authentication=ConnectionPurpose(active=False)),
            Connection(name="elsewhere", strategy=GOOGLE, enabled_clients=("web",)),
        ),
        users=(*ACME.users, GINA),
    ),
    flags=FLAGS,
)


class LegacyApp(TenantClient):
    """An older app."""

    def __init__(self, document=LEGACY_TENANT, **options):
        super().__init__(document, **options)

    def ro(self, **changed):
        """Request tokens with alice's password."""
        form = {
            "client_id": "old",
            "grant_type": "password",
            "connection": DATABASE,
            "username": "alice@acme.example",
            "password": "Passw0rd!",
            "scope": "openid",
        } | changed
        return self.post("/oauth/ro", **{k: v for k, v in form.items() if v is not None})

    def social(self, **changed):
        """Request tokens with gina's token of Google."""
        form = {
            "client_id": "old",
            "connection": GOOGLE,
            "access_token": GOOGLE_TOKEN,
            "scope": "openid",
        } | changed
        return self.post("/oauth/access_token", **{k: v for k, v in form.items() if v is not None})

    def delegate(self, **changed):
        """Request an ID token with another token."""
        form = {"client_id": "old", "grant_type": JWT_BEARER} | changed
        return self.post("/delegation", **{k: v for k, v in form.items() if v is not None})

    def id_token(self, **changed):
        """Return an ID token of alice."""
        return self.ro(**changed).json["id_token"]


def refused(answer, status, error, description):
    """Check a refusal. Return its hint."""
    assert answer.status_code == status, answer.text
    body = {name: answer.json[name] for name in ("error", "error_description")}
    assert body == {"error": error, "error_description": description}
    return hint(answer)
