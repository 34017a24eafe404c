"""A tenant with custom claims, and the claims in everything that it issues."""

from dataclasses import replace

from helpers.acme import ACME, API, user, with_settings
from helpers.tenant_client import TenantClient, claims_of
from mockidp.protocol.tokens.custom_claim import CustomClaim

PLAN = "https://acme.example/plan"
ALICE = user("alice", app_metadata={"plan": "pro", "teams": [{"id": 7}]})
DOCUMENT = replace(ACME, users=(ALICE, *ACME.users[1:]))


def entry(claim=PLAN, **fields):
    return CustomClaim(claim=claim, **fields)


def tenant_with(*entries, document=DOCUMENT):
    return TenantClient(with_settings(document, claims=entries))


def everywhere(idp, name=PLAN, **parameters):
    """Log in. Return the claim in ID token, access token and /userinfo; None if it is absent."""
    tokens = idp.tokens(**{"scope": "openid", "audience": API} | parameters)
    return (
        claims_of(tokens["id_token"]).get(name),
        claims_of(tokens["access_token"]).get(name),
        idp.userinfo(tokens["access_token"]).json.get(name),
    )


def traced(idp, place):
    """Return the last check of the custom claims at a place."""
    checks = [
        check.compared
        for exchange in idp.tenant.journal
        for check in exchange.trace
        if check.name == "custom_claims" and check.compared["place"] == place
    ]
    return {name: dict(checks[-1][name]) for name in ("added", "omitted")}
