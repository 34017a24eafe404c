"""Dynamic client registration, and the rules for the clients that were registered."""

import hashlib
import json
from dataclasses import replace

import pytest

from helpers.acme import ACME, API, CALLBACK, DATABASE, with_client, with_tenant
from helpers.management import ManagementClient
from helpers.native_social import ALL
from helpers.tenant_client import TenantClient, claims_of, hint, sent_to_callback
from mockidp.codec.mistakes import ConfigError
from mockidp.protocol.login.native_social import APPLE
from mockidp.protocol.oauth.grant_types import DEVICE_CODE, TOKEN_EXCHANGE
from mockidp.protocol.tokens.base64url import base64url
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.connection import Connection
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.content.tenant_settings import TenantFlags

FLAGS = TenantFlags(enable_dynamic_client_registration=True)
DEFAULTS = ClientGrant(
    default_for="third_party_clients", audience=API, scope=("read:items",), subject_type="user"
)
ENABLED = replace(with_tenant(ACME, flags=FLAGS), client_grants=(*ACME.client_grants, DEFAULTS))
PERMISSIVE = with_tenant(
    ENABLED, flags=FLAGS, dynamic_client_registration_security_mode="permissive"
)
VERIFIER = "v" * 43
PKCE = {
    "code_challenge": base64url(hashlib.sha256(VERIFIER.encode()).digest()),
    "code_challenge_method": "S256",
}


@pytest.fixture
def idp():
    return TenantClient(ENABLED)


def register(idp, **metadata):
    body = {"client_name": "Dynamic", "redirect_uris": [CALLBACK]} | metadata
    return idp.post("/oidc/register", json_body=body)


def registered(idp, **metadata):
    answer = register(idp, **metadata)
    assert answer.status_code == 201, answer.text
    return answer.json["client_id"]


def test_auth0_registration__it_is_off_until_the_flag_is_set():
    idp = ManagementClient()
    answer = register(idp)
    assert (answer.status_code, answer.json["error"]) == (404, "endpoint_disabled")
    assert "tenant.flags.enable_dynamic_client_registration: true" in hint(answer)
    discovery = "/.well-known/openid-configuration"
    assert "registration_endpoint" not in idp.get(discovery).json
    flags = {"flags": {"enable_dynamic_client_registration": True}}
    patched = idp.call("PATCH", "/tenants/settings", flags)
    assert patched.json["flags"]["enable_dynamic_client_registration"] is True
    assert idp.get(discovery).json["registration_endpoint"] == f"{idp.url}/oidc/register"
    assert register(idp).status_code == 201


def test_rfc7591_3_2_1__the_response_and_the_client(idp):
    answer = register(
        idp,
        logo_uri="https://app.example/logo.png",
        grant_types=["authorization_code", "refresh_token", "client_credentials"],
        response_types=["code"],
    )
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert "may not have the grant types client_credentials" in hint(answer)
    body = answer.json
    client = idp.tenant.directory.client(body["client_id"])
    assert body == {
        "client_name": "Dynamic",
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "redirect_uris": [CALLBACK],
        "client_secret_expires_at": 0,
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "client_secret_post",
        "logo_uri": "https://app.example/logo.png",
    }
    assert client.client_id.startswith("tpc_")
    assert (client.is_first_party, client.app_type) == (False, "regular_web")
    assert client.third_party_security_mode == "strict"
    assert client.refresh_token.expiration_type == "expiring"
    assert list(register(idp).json)[:5] == list(body)[:5]


def test_auth0_registration__a_public_client_gets_no_secret_and_rotating_refresh_tokens(idp):
    public = register(idp, token_endpoint_auth_method="none", client_name=None)
    client = idp.tenant.directory.client(public.json["client_id"])
    assert "client_secret" not in public.json
    assert (client.app_type, client.refresh_token.rotation_type) == ("spa", "rotating")
    assert client.name == client.client_id
    assert client.grant_types == ("authorization_code",)
    native = registered(idp, token_endpoint_auth_method="none", application_type="native")
    assert idp.tenant.directory.client(native).app_type == "native"


@pytest.mark.parametrize(
    ("metadata", "error", "reason"),
    [
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri", "javascript"),
        ({"redirect_uris": ["https://*.app.example/cb"]}, "invalid_redirect_uri", "strict one"),
        ({"redirect_uris": []}, "invalid_client_metadata", "`redirect_uris` is required"),
        ({"redirect_uris": CALLBACK}, "invalid_client_metadata", "not a list of strings"),
        (
            {"token_endpoint_auth_method": "private_key_jwt"},
            "invalid_client_metadata",
            "client_secret_post, client_secret_basic, none",
        ),
        ({"application_type": "desktop"}, "invalid_client_metadata", "web, native"),
        ({"client_name": 7}, "invalid_client_metadata", "`client_name` is 7"),
        ({"grant_types": ["implicit"]}, "invalid_client_metadata", "no grant type"),
        ({"grant_types": ["implict"]}, "invalid_client_metadata", "`grant_types` has 'implict'"),
        ({"response_types": ["cod"]}, "invalid_client_metadata", "`response_types` has 'cod'"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_rfc7591_3_2_2__wrong_metadata_is_refused(idp, metadata, error, reason):
    before = len(idp.tenant.directory.clients)
    answer = register(idp, **metadata)
    assert (answer.status_code, answer.json["error"]) == (400, error)
    assert reason in hint(answer)
    assert len(idp.tenant.directory.clients) == before


def test_rfc7591_2__unknown_metadata_is_ignored_with_a_hint(idp):
    answer = register(idp, client_nam="X", software_id="7")
    assert answer.status_code == 201
    assert "no fields for `client_nam`, `software_id`" in hint(answer)
    assert "Did you mean client_name?" in hint(answer)


def test_auth0_strict__a_login_gets_the_default_permissions_but_no_id_token(idp):
    client_id = registered(idp, token_endpoint_auth_method="none")
    request = {"client_id": client_id, "audience": API} | PKCE
    dropped = idp.authorize(scope="openid read:items", **request)
    assert "The scopes openid were dropped" in hint(dropped)
    answer = idp.follow(idp.authorize(scope="read:items", **request))
    assert hint(answer) == ""
    consent = idp.log_in(answer.location)
    assert consent.location.startswith("/u/consent")
    code = sent_to_callback(idp.follow(idp.submit(consent.location, action="accept")))["code"]
    tokens = idp.post(
        "/oauth/token",
        grant_type="authorization_code",
        client_id=client_id,
        code=code,
        code_verifier=VERIFIER,
        redirect_uri=CALLBACK,
    ).json
    assert "id_token" not in tokens
    claims = claims_of(tokens["access_token"])
    assert (claims["aud"], claims["scope"]) == (API, "read:items")


def refused(idp, **parameters):
    client_id = registered(idp)
    answer = idp.authorize(client_id=client_id, **{"scope": "read:items"} | parameters)
    assert "Location" not in answer.headers, "Auth0 shows the errors of strict clients on a page"
    return answer


def test_auth0_strict__what_only_other_clients_may_request(idp):
    without = refused(idp, audience=API)
    assert without.status_code == 400
    assert "It must use PKCE" in hint(without)
    assert "may send only `response_type=code`" in hint(refused(idp, response_type="token"))
    other = refused(idp, screen_hint="signup", **PKCE)
    assert "may not send `screen_hint` to /authorize" in hint(other)
    ungranted = refused(idp, audience="https://open.example/", **PKCE)
    assert "unauthorized_client" in ungranted.text
    assert "default_for: third_party_clients" in hint(ungranted)
    assert "one of Auth0's own" in hint(refused(idp, audience=f"{idp.url}/api/v2/", **PKCE))


def test_auth0_redirect_protection__a_declined_consent_is_shown_on_a_page(idp):
    request = {"client_id": registered(idp), "audience": API, "scope": "read:items"} | PKCE
    consent = idp.log_in(idp.follow(idp.authorize(**request)).location)
    answer = idp.submit(consent.location, action="deny")
    assert (answer.status_code, "Location" in answer.headers) == (403, False)
    assert "User did not authorize the request" in answer.text


def test_auth0_strict__requests_cannot_be_pushed():
    idp = TenantClient(with_tenant(ENABLED, pushed_authorization_requests_supported=True))
    body = register(idp).json
    answer = idp.post(
        "/oauth/par",
        client_id=body["client_id"],
        client_secret=body["client_secret"],
        response_type="code",
        redirect_uri=CALLBACK,
        **PKCE,
    )
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    assert "may not send `request_uri`" in hint(answer)


def test_auth0_strict__client_credentials_need_a_grant_whatever_the_api_says():
    strict = {"is_first_party": False, "third_party_security_mode": "strict"}
    idp = TenantClient(with_client(ACME, "m2m", **strict))
    answer = idp.machine_token(audience="https://open.example/")
    assert answer.status_code == 403
    assert "No client grant connects client m2m" in hint(answer)


def test_auth0_permissive__a_registered_client_logs_in_with_openid_connect():
    idp = TenantClient(PERMISSIVE)
    client_id = registered(idp)
    assert not client_id.startswith("tpc_")
    callback = idp.callback(client_id=client_id, scope="openid")
    client = idp.tenant.directory.client(client_id)
    tokens = idp.redeem(callback["code"], client_id=client_id, client_secret=client.client_secret)
    assert claims_of(tokens.json["id_token"])["aud"] == client_id


def test_auth0_third_party__only_domain_connections_are_used():
    private = (Connection(name=DATABASE),)
    idp = TenantClient(replace(PERMISSIVE, databases=private, users=()))
    answer = register(idp)
    assert "no connection has `is_domain_connection: true`" in hint(answer)
    client_id = answer.json["client_id"]
    for sent in ({}, {"connection": DATABASE}):
        refusal = idp.authorize(client_id=client_id, **sent)
        assert "no connections enabled" in sent_to_callback(refusal)["error_description"]
        assert "set `is_domain_connection` of" in hint(refusal)


@pytest.mark.parametrize("grant_type", ["password", TOKEN_EXCHANGE, DEVICE_CODE])
def test_auth0_strict__other_grants_are_refused(idp, grant_type):
    client_id = registered(idp)
    strict = idp.tenant.directory.client(client_id)
    allowed = replace(
        strict, grant_types=(*strict.grant_types, grant_type), native_social_login=ALL
    )
    idp.tenant.directory.clients.store.put(client_id, allowed)
    secret = {"client_id": client_id, "client_secret": strict.client_secret}
    form = {"grant_type": grant_type, "subject_token_type": APPLE.kind}
    answer = idp.post("/oauth/token", **secret, **form)
    assert answer.json["error"] == "unauthorized_client"
    assert "may use only authorization_code, refresh_token" in hint(answer)


def test_auth0_strict__errors_are_sent_to_the_callback_with_allow_always_alone(idp):
    client_id = registered(idp)
    strict = idp.tenant.directory.client(client_id)
    request = {"client_id": client_id, "scope": "read:items", "audience": API, "prompt": "none"}
    for policy, status in ((None, 403), ("allow_always", 302)):
        idp.tenant.directory.clients.store.put(
            client_id, replace(strict, redirection_policy=policy)
        )
        assert idp.authorize(**request, **PKCE).status_code == status
        link = {"verification_code": "123456", "response_type": "code", "redirect_uri": CALLBACK}
        answer = idp.get("/passwordless/verify_redirect", client_id=client_id, **link)
        assert (answer.status_code == 302) == (policy == "allow_always")


def test_auth0_strict__the_mode_cannot_be_changed():
    idp = ManagementClient(document=ENABLED)
    path = f"/clients/{registered(idp)}"
    answer = idp.call("PATCH", path, {"third_party_security_mode": "permissive"})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert "cannot be changed after its creation" in hint(answer)
    assert idp.call("PATCH", path, {"third_party_security_mode": "strict"}).status_code == 200


def test_auth0_strict__a_first_party_client_is_refused():
    one = {"client_id": "a", "third_party_security_mode": "strict"}
    with pytest.raises(ConfigError, match="is_first_party: false"):
        parse_tenant(json.dumps({"clients": [one]}))


def test_auth0_strict__sign_ups_and_passwordless_logins_without_pages_are_refused(idp):
    body = {"client_id": registered(idp), "email": "new@acme.example"}
    new = {"connection": DATABASE, "password": "Passw0rd!"}
    for path, more, code in (
        ("/dbconnections/signup", new, "invalid_request"),
        ("/passwordless/start", {"connection": "email"}, "bad.client_id"),
    ):
        answer = idp.post(path, json_body=body | more)
        assert answer.status_code == 400
        assert code in (answer.json.get("code"), answer.json.get("error"))
        assert "Send the browser to /authorize." in hint(answer)
