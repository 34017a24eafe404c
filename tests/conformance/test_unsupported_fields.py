"""An unsupported field is named once, in the hint of the first exchange that it affects."""

from dataclasses import replace

from helpers.acme import ACME, API, with_client
from helpers.tenant_client import TenantClient, hint
from mockidp.resources.connection import Connection, ConnectionOptions
from mockidp.tenant.config.load import parse_tenant

SSO = (
    "Field `sso_disabled` of client web is not supported: Auth0 shows the login page although the "
    "browser has a session."
)
QUOTA = {"client_credentials": {"per_hour": 10}}


def test_mockidp_hints__a_field_of_the_client_is_named_until_the_next_reset():
    idp = TenantClient(with_client(ACME, "web", extra={"sso_disabled": True, "logo_uri": "x"}))
    assert hint(idp.authorize()) == SSO
    assert "Mockidp-Hint" not in idp.authorize().headers
    idp.tenant.reset()
    assert hint(idp.authorize()) == SSO


def test_mockidp_hints__a_field_whose_value_makes_no_difference_is_not_named():
    idp = TenantClient(with_client(ACME, "web", extra={"sso_disabled": False, "token_quota": None}))
    assert "Mockidp-Hint" not in idp.authorize().headers


def test_mockidp_hints__a_refusal_shows_only_its_own_hint():
    idp = TenantClient(with_client(ACME, "web", extra={"sso_disabled": True}))
    assert (
        hint(idp.authorize(response_type=None))
        == "Parameter `response_type` was not sent. Send it."
    )
    assert hint(idp.authorize()) == SSO


def test_mockidp_hints__fields_of_several_clients_are_each_named():
    document = with_client(ACME, "web", extra={"sso_disabled": True})
    idp = TenantClient(with_client(document, "m2m", extra={"token_quota": QUOTA}))
    assert hint(idp.authorize()) == SSO
    assert hint(idp.machine_token(audience=API)) == (
        "Field `token_quota` of client m2m is not supported: Auth0 refuses client_credentials "
        "requests over the quota with 429 too_many_requests."
    )


def test_mockidp_hints__fields_of_the_api_the_user_and_its_connection_are_named():
    (api, *apis), (alice, *users) = ACME.resource_servers, ACME.users
    options = ConnectionOptions(extra={"enabledDatabaseCustomization": True})
    document = replace(
        ACME,
        resource_servers=(replace(api, extra={"token_encryption": {"format": "jwe"}}), *apis),
        users=(replace(alice, extra={"custom_claims": {"plan": "pro"}}), *users),
        databases=(Connection(name=alice.connection, options=options),),
    )
    idp = TenantClient(document)
    idp.redeem(idp.callback(audience=API)["code"])
    hints = " ".join(entry.hint for entry in idp.tenant.journal if entry.hint)
    fields = hints.replace(". Field", ".\nField").split("\n")
    assert sorted(fields) == [
        (
            "Field `custom_claims` of user auth0|alice is not supported: Auth0 has no such field: "
            "`mockidp.claims` adds claims."
        ),
        (
            f"Field `options.enabledDatabaseCustomization` of connection {alice.connection} is not "
            "supported: Auth0 asks the connection's own scripts for users and passwords."
        ),
        (
            f"Field `token_encryption` of API {API} is not supported: Auth0 encrypts access tokens "
            "for the API (nested JWE)."
        ),
    ]


def test_mockidp_hints__settings_of_the_tenant_are_named_together():
    document = parse_tenant(
        """
        clients: [{client_id: jobs, client_secret: s, grant_types: [client_credentials]}]
        resourceServers: [{identifier: 'urn:a'}]
        clientGrants: [{client_id: jobs, audience: 'urn:a', scope: []}]
        triggers: {post-login: [{action_name: Add roles}]}
        prompts: {webauthn_platform_first_factor: true}
        """
    )
    idp = TenantClient(document)
    credentials = {"client_id": "jobs", "client_secret": "s", "audience": "urn:a"}
    assert "Mockidp-Hint" not in idp.get("/.well-known/jwks.json").headers
    answer = idp.token(grant_type="client_credentials", **credentials)
    assert hint(answer) == (
        "These tenant settings are not supported, although Auth0 acts on them: "
        "prompts.webauthn_platform_first_factor, triggers. Run `mockidp check` to see the differences."
    )
    again = idp.token(grant_type="client_credentials", **credentials)
    assert "Mockidp-Hint" not in again.headers
