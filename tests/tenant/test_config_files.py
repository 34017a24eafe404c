"""Valid tenant files and their records."""

import time
from pathlib import Path

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.resources.client import Client
from mockidp.tenant.config.load import load_tenant, parse_tenant
from mockidp.tenant.content.document import TenantDocument

FIXTURES = Path(__file__).parents[2] / "fixtures" / "tenants"


def client(text):
    """Return the client that the indented lines of a text describe."""
    return parse_tenant(f"clients:\n  - client_id: web\n    name: Web\n{text}").clients[0]


def test_the_example_tenant_matches_its_documentation():
    acme = load_tenant(FIXTURES / "acme.yaml")
    assert [one.client_id for one in acme.clients] == [
        "acme-web", "acme-spa", "acme-native", "acme-m2m", "acme-global", "mockidp-try",
    ]  # fmt: skip
    assert [one.client_secret for one in acme.clients] == [
        "acme-web-secret", None, None, "acme-m2m-secret", "acme-global-secret", None,
    ]  # fmt: skip
    assert [one.client_id for one in acme.clients if one.is_global] == ["acme-global"]
    public = [one.client_id for one in acme.clients if one.is_public]
    assert public == ["acme-spa", "acme-native", "mockidp-try"]
    for one in acme.clients[:3]:
        assert "http://localhost:3000/callback" in one.callbacks
    assert [api.identifier for api in acme.resource_servers] == [
        "https://api.acme.example/", "https://reports.acme.example/",
    ]  # fmt: skip
    assert [(user.user_id, user.email, user.password) for user in acme.users] == [
        (f"auth0|{name}", f"{name}@acme.example", "Passw0rd!") for name in ("alice", "bob", "admin")
    ]
    assert acme.not_acted_on == acme.differs == acme.made_up == ()


def test_the_example_tenant_loads_fast():
    load_tenant(FIXTURES / "acme.yaml")
    start = time.process_time()
    for _ in range(10):
        load_tenant(FIXTURES / "acme.yaml")
    assert (time.process_time() - start) / 10 < 0.1  # usually a tenth of it; CI may be slow


def test_the_minimal_tenant_has_defaults_for_the_rest():
    document = load_tenant(FIXTURES / "minimal.yaml")
    assert document.clients == (
        Client(
            client_id="my-app",
            name="My App",
            client_secret="my-app-secret",
            callbacks=("http://localhost:3000/callback",),
        ),
    )
    assert document.tenant == TenantDocument().tenant
    assert document.mockidp == TenantDocument().mockidp


def test_json_is_yaml():
    document = parse_tenant('{"clients": [{"client_id": "web", "client_secret": "s\\u00e9"}]}')
    assert document.clients[0].client_secret == "sé"


def test_an_empty_mapping_is_an_empty_tenant():
    assert parse_tenant("{}") == TenantDocument()


def test_a_byte_order_mark_is_skipped(tmp_path):
    path = tmp_path / "t.yaml"
    path.write_bytes(b"\xef\xbb\xbfclients: []\n")
    assert load_tenant(path) == TenantDocument()


def test_dates_stay_strings():
    document = parse_tenant("users:\n  - user_id: auth0|a\n    created_at: 2024-05-06\n")
    assert document.users[0].created_at == "2024-05-06"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("False", False), ("no", "no"), ("on", "on"), ("~", None), ("", None),
        ("12", 12), ("-3", -3), ("0x1F", 31), ("0o17", 15), ("017", 17), ("1_000", "1_000"),
        ("1.5", 1.5), ("1e3", 1000.0), (".5", 0.5), ("1:30", "1:30"), (".nan", ".nan"),
        ("'5'", "5"), ('"true"', "true"), ("!!str 5", "5"), ("9" * 500, "9" * 500),
        ("[1, {a: b}]", [1, {"a": "b"}]),
    ],
)  # fmt: skip
def test_scalars_are_parsed_as_in_yaml_1_2(text, value):
    assert client(f"    client_metadata: {{it: {text}}}\n").extra == {
        "client_metadata": {"it": value}
    }


def test_anchors_and_merge_keys_are_supported():
    document = parse_tenant(
        """
        clients:
          - &web {client_id: one, callbacks: &urls ["http://localhost/cb"], is_first_party: &no false}
          - {<<: *web, client_id: two, cross_origin_auth: *no}
          - {<<: [{app_type: spa}, *web], client_id: three, allowed_logout_urls: *urls}
        """
    )
    assert [one.callbacks for one in document.clients] == [("http://localhost/cb",)] * 3
    assert [one.is_first_party for one in document.clients] == [False] * 3
    assert document.clients[2].app_type == "spa"
    assert document.clients[2].allowed_logout_urls == ("http://localhost/cb",)


def test_null_means_unset_in_auth0s_resources():
    assert client("    callbacks: null\n    refresh_token:\n") == client("")


def test_a_whole_number_is_also_a_number():
    assert parse_tenant("tenant: {session_lifetime: 3}").tenant.session_lifetime == 3


def test_known_fields_without_effect_are_kept_and_listed_once():
    document = parse_tenant(
        """
        branding: {colors: {primary: '#fff'}}
        tenant: {flags: {universal_login: true, unheard_of: false}, sandbox_version: '18'}
        clients:
          - {client_id: one, addons: {samlp: {audience: a}}}
          - {client_id: two, addons: {samlp: {audience: b}}, logo_uri: ''}
        """
    )
    assert document.clients[0].extra == {"addons": {"samlp": {"audience": "a"}}}
    assert document.tenant.flags.extra == {"universal_login": True, "unheard_of": False}
    assert document.not_acted_on == (
        "branding",
        "tenant.flags.universal_login",
        "tenant.flags.unheard_of",
        "tenant.sandbox_version",
        "clients[].addons",
    )
    assert document.differs == ()


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000", "https://a.example/cb?x=1#y", "com.acme.app://callback",
        "com.acme.app:/callback", "https://*.example.com/cb", "http://[::1]:3000/cb",
        "https://{organization_name}.example.com/cb",
    ],
)  # fmt: skip
def test_urls_that_auth0_accepts_are_accepted(url):
    assert client(f"    callbacks: ['{url}']\n").callbacks == (url,)


@pytest.mark.parametrize(
    "url",
    [
        "https://*.com",
        "http://[::1/cb",
        "https://a b/",
        "https://*/",
        "com.acme://[x/cb",
        "com.acme://x:99999/",
    ],
)
def test_urls_that_could_never_match_are_mistakes(url):
    with pytest.raises(ConfigError, match=r"clients\[0\]\.callbacks\[0\]: found the string"):
        client(f"    callbacks: ['{url}']\n")


@pytest.mark.parametrize("secret", ["a b", "abcde", "grün", "abc=d"])
def test_a_secret_that_cannot_be_decoded_is_a_mistake_for_hs256(secret):
    text = f"    client_secret: '{secret}'\n"
    jwt = "    jwt_configuration: {alg: %s, secret_encoded: true}\n"
    assert client(text + jwt % "RS256").signing_secret == secret
    with pytest.raises(ConfigError) as refused:
        client(text + jwt % "HS256")
    assert str(refused.value) == (
        "<tenant>:4: clients[0].client_secret: found a string that is not base64, expected base64 "
        "or base64url, because jwt_configuration.secret_encoded is true"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/login", "https://", "com.acme://login"])
def test_a_default_login_route_must_be_a_web_url(url):
    for text in (f"tenant: {{default_redirection_uri: '{url}'}}",
                 f"clients: [{{client_id: web, initiate_login_uri: '{url}'}}]"):  # fmt: skip
        with pytest.raises(
            ConfigError, match=r"_uri: found the string .*, expected an http or https"
        ):
            parse_tenant(text)


def test_an_empty_default_login_route_counts_as_unset():
    assert not parse_tenant("tenant: {default_redirection_uri: ''}").tenant.default_redirection_uri


@pytest.mark.parametrize("issuer", ["http://localhost:9400/", "https://idp.example.com/t/acme"])
def test_an_issuer_outside_of_auth0_is_accepted(issuer):
    assert parse_tenant(f"mockidp: {{issuer: '{issuer}'}}").mockidp.issuer == issuer


def test_a_grant_can_use_the_clients_id_or_name_and_the_management_api():
    document = parse_tenant(
        """
        clients: [{client_id: jobs, name: Jobs}]
        clientGrants:
          - {client_id: jobs, audience: 'https://acme.eu.auth0.com/api/v2/', scope: ['read:users']}
          - {client_id: Jobs, audience: 'https://acme.eu.auth0.com/api/v2/', scope: []}
        """
    )
    assert len(document.client_grants) == 2


def test_a_lenient_tenant_can_refer_to_unknown_clients_and_apis():
    document = parse_tenant(
        """
        mockidp: {accept_any_client: true, accept_any_audience: true}
        tenant: {default_audience: 'urn:any'}
        databases: [{name: staff, enabled_clients: [anyone]}]
        clientGrants: [{client_id: anyone, audience: 'urn:any', scope: ['read:all']}]
        """
    )
    assert document.client_grants[0].client_id == "anyone"


def test_two_connections_can_have_users_with_the_same_email():
    document = parse_tenant(
        """
        databases: [{name: staff}, {name: Username-Password-Authentication}]
        users:
          - {user_id: auth0|one, email: a@example.com}
          - {user_id: auth0|two, email: a@example.com, connection: staff}
        """
    )
    assert len(document.users) == 2


def test_an_hs256_api_can_have_a_secret():
    document = parse_tenant(
        "resourceServers: [{identifier: a, signing_alg: HS256, signing_secret: s}]"
    )
    assert document.resource_servers[0].signing_secret == "s"
