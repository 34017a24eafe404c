"""A tenant with token exchange profiles, and the tokens that its clients exchange."""

from dataclasses import replace

import jwt

from helpers.acme import ACME, API, api, web_client
from helpers.assertions import KEY, public_pem
from mockidp.protocol.oauth.grant_types import REFRESH_TOKEN, TOKEN_EXCHANGE
from mockidp.protocol.tokens.token_exchange import SubjectToken
from mockidp.resources.client_tokens import ClientTokenExchange
from mockidp.resources.token_exchange_profile import TokenExchangeProfile
from mockidp.tenant.content.settings import Settings

LEGACY, PARTNER = "urn:acme:legacy-token", "https://partner.example/token"
ISSUER = "https://partner.example/"
INVALID = "Invalid subject_token"
CONSENT_API = "https://consent.example/"
AGENT = {"sub": "agent", "act": {"sub": "platform", "is_human": False}}
_ALLOWED = ClientTokenExchange(allow_any_profile_of_type=("custom_authentication",))
_GRANTS = (TOKEN_EXCHANGE, REFRESH_TOKEN)


def broker(client_id, **fields):
    """Return a client that may exchange tokens."""
    return web_client(
        client_id, **{"grant_types": _GRANTS, "token_exchange": _ALLOWED, "callbacks": ()} | fields
    )


def fixed(token, **fields):
    """Return an entry for one token."""
    return SubjectToken(profile="legacy", token=token, **fields)


TENANT = replace(
    ACME,
    clients=(
        *ACME.clients,
        broker("broker"),
        broker("mobile", token_endpoint_auth_method="none", client_secret=None),
        broker("not-allowed", token_exchange=None),
        broker(
            "on-behalf",
            token_exchange=ClientTokenExchange(
                allow_any_profile_of_type=("on_behalf_of_token_exchange",)
            ),
        ),
        broker("legacy-pipeline", oidc_conformant=False),
        broker("foreign", is_first_party=False),
    ),
    resource_servers=(
        *ACME.resource_servers,
        api(CONSENT_API, "a", skip_consent_for_verifiable_first_party_clients=False),
    ),
    token_exchange_profiles=(
        TokenExchangeProfile(name="legacy", subject_token_type=LEGACY),
        TokenExchangeProfile(name="partner", subject_token_type=PARTNER),
    ),
    mockidp=Settings(
        subject_tokens=(
            fixed("legacy-alice", user="auth0|alice"),
            fixed("legacy-bob", user="bob@acme.example"),
            fixed("legacy-blocked", user="blocked"),
            fixed("legacy-staff", user="staffer@acme.example"),
            fixed("legacy-delegated", user="alice", actor=AGENT),
            fixed("stolen", error="token_stolen", error_description="Reported as stolen."),
            fixed("late", error="server_error"),
            SubjectToken(
                profile="partner",
                key=public_pem(),
                issuer=ISSUER,
                audience="acme",
                user_claim="email",
            ),
        )
    ),
)


def partner_token(idp, *, key=KEY, alg="RS256", **claims):
    """Return a JWT of the partner for alice, signed by PyJWT; None omits a claim."""
    now = int(idp.tenant.now())
    defaults = {
        "iss": ISSUER,
        "aud": "acme",
        "sub": "p-1",
        "email": "alice@acme.example",
        "exp": now + 60,
    }
    kept = {name: value for name, value in (defaults | claims).items() if value is not None}
    return jwt.encode(kept, key, algorithm=alg, headers={"kid": "of-the-partner"})


def exchange(idp, subject_token="legacy-alice", **form):
    """Exchange a token as the client `broker`."""
    defaults = {
        "client_id": "broker",
        "grant_type": TOKEN_EXCHANGE,
        "subject_token": subject_token,
        "subject_token_type": LEGACY,
        "audience": API,
    }
    return idp.token(**defaults | form)


def decide_with(idp, decide, profile="legacy"):
    """Let a function decide about the tokens of a profile."""
    idp.tenant.deciders[profile] = decide
