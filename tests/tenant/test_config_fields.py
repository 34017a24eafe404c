"""Each of Auth0's fields has an effect, is cosmetic, or is reported as a difference."""

import re
from dataclasses import fields

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.codec.write import to_file
from mockidp.resources.client import Client
from mockidp.resources.client_grant import ClientGrant
from mockidp.resources.client_tokens import JwtConfiguration, RefreshTokenPolicy
from mockidp.resources.connection import Connection, ConnectionOptions
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.role import Permission, Role
from mockidp.resources.user import User
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.content.document import TenantDocument
from mockidp.tenant.content.tenant_settings import TenantFlags, TenantSettings

CLASSES = [
    Client, JwtConfiguration, RefreshTokenPolicy, Connection, ConnectionOptions, ResourceServer,
    ClientGrant, Role, Permission, User, TenantSettings, TenantFlags, TenantDocument,
]  # fmt: skip

ORDINARY_DATABASE = """
databases:
  - name: Username-Password-Authentication
    strategy: auth0
    is_domain_connection: false
    realms: [Username-Password-Authentication]
    authentication: {active: true}
    connected_accounts: {active: false}
    options:
      mfa: {active: true, return_enroll_settings: true}
      strategy_version: 2
      authentication_methods:
        password: {enabled: true, api_behavior: required, signup_behavior: allow}
        passkey: {enabled: false}
      passkey_options: {challenge_ui: both, progressive_enrollment_enabled: true}
      passwordPolicy: good
      password_options:
        complexity: {min_length: 15, character_types: []}
        history: {active: false, size: 3}
      brute_force_protection: true
      import_mode: false
      disable_signup: true
      requires_username: false
      customScripts: {}
      enabledDatabaseCustomization: false
"""
ORDINARY_CLIENT = """
clients:
  - client_id: web
    is_first_party: true
    is_token_endpoint_ip_header_trusted: false
    oidc_conformant: true
    sso_disabled: false
    cross_origin_authentication: false
    oidc_logout: {}
    require_pushed_authorization_requests: false
    organization_usage: deny
    organization_require_behavior: no_prompt
    native_social_login: {apple: {enabled: false}, facebook: {enabled: false}}
    session_transfer:
      can_create_session_transfer_token: false
      allowed_authentication_methods: []
      enforce_device_binding: ip
    signed_request_object: {required: false, credentials: []}
"""
ORDINARY_TENANT = """
tenant:
  error_page: {html: '', show_log_link: false, url: ''}
  flags: {disable_clickjack_protection_headers: false, revoke_refresh_token_grant: false}
  mtls: {enable_endpoint_aliases: false}
  oidc_logout: {rp_logout_end_session_endpoint_discovery: true}
  pushed_authorization_requests_supported: false
  resource_parameter_profile: audience
  session_cookie: {mode: persistent}
  sessions: {oidc_logout_prompt_enabled: true}
rules: [{name: old, enabled: false, script: './rules/old.js'}]
guardianPolicies: {policies: []}
guardianFactors: [{name: otp, enabled: true}, {name: duo, enabled: false}]
guardianPhoneFactorMessageTypes: {message_types: [sms]}
triggers: {post-login: []}
prompts: {universal_login_experience: new, identifier_first: false}
pages: [{name: login, enabled: false, html: ./login.html}, {name: error_page, url: ''}]
attackProtection:
  botDetection: {challenge_password_policy: never, bot_detection_level: medium}
  breachedPasswordDetection: {enabled: false, shields: []}
resourceServers:
  - {identifier: 'urn:a', token_encryption: null, consent_policy: null, is_system: false}
  - {identifier: 'urn:b', proof_of_possession: {mechanism: dpop, required: false}}
"""


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_no_field_is_in_two_classes(cls):
    cosmetic = getattr(cls, "COSMETIC", frozenset())
    declared = {one.metadata.get("name", one.name) for one in fields(cls)}
    assert cosmetic & declared == set()
    assert cosmetic & set(getattr(cls, "DIFFERS", {})) == set()


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_difference_describes_auth0s_behavior_in_one_line(cls):
    for name, one in getattr(cls, "DIFFERS", {}).items():
        assert one.text.startswith("Auth0 "), name
        assert "\n" not in one.text, name
        assert not one.text.endswith("."), name


@pytest.mark.parametrize("text", [ORDINARY_DATABASE, ORDINARY_CLIENT, ORDINARY_TENANT])
def test_an_ordinary_export_causes_no_notes(text):
    assert parse_tenant(text).differs == ()


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("clients: [{client_id: a, oidc_logout: {backchannel_logout_session_metadata: {include: true}}}]",
         "clients[].oidc_logout.backchannel_logout_session_metadata.include"),
        ("clients: [{client_id: a, organization_discovery_methods: [organization_name, email]}]",
         "clients[].organization_discovery_methods"),
        ("organizations: [{name: a, discovery_domains: [{domain: a.example}]}]",
         "organizations[].discovery_domains"),
        ("clients: [{client_id: a, compliance_level: fapi1_adv_pkj_par}]",
         "clients[].compliance_level"),
        ("databases: [{name: a, realms: [a, b]}]", "databases[].realms"),
        ("clients: [{client_id: a, custom_login_page: ./a.html}]", "clients[].custom_login_page"),
        ("databases: [{name: a, options: {passkey_options: {challenge_ui: autofill}}}]",
         "databases[].options.passkey_options.challenge_ui"),
        ("databases: [{name: a, options: {attributes: {email: {verification_method: code}}}}]",
         "databases[].options.attributes.email.verification_method"),
        ("databases: [{name: a, options: {password_options: {history: {active: true}}}}]",
         "databases[].options.password_options.history.active"),
        ("databases: [{name: a, options: {password_options: {complexity: {min_length: 20}}}}]",
         "databases[].options.password_options.complexity.min_length"),
        ("databases: [{name: a, options: {enabledDatabaseCustomization: true}}]",
         "databases[].options.enabledDatabaseCustomization"),
        ("resourceServers: [{identifier: a, token_encryption: {format: compact-nested-jwe}}]",
         "resourceServers[].token_encryption"),
        ("users: [{user_id: auth0|a, identities: [{provider: auth0}, {provider: github}]}]",
         "users[].identities"),
        ("tenant: {flags: {enable_sso: false}}", "tenant.flags.enable_sso"),
        ("tenant: {resource_parameter_profile: compatibility}",
         "tenant.resource_parameter_profile"),
        ("rules: [{name: a, script: './a.js'}]", "rules"),
        ("triggers: {post-login: [{action_name: a}]}", "triggers"),
        ("guardianPolicies: {policies: [confidence-score]}", "guardianPolicies.policies"),
        ("guardianFactors: [{name: webauthn-roaming, enabled: true}]", "guardianFactors"),
        ("guardianFactors: [{name: otp, enabled: true}, {name: duo, enabled: true}]",
         "guardianFactors"),
        ("guardianPhoneFactorMessageTypes: {message_types: [sms, voice]}",
         "guardianPhoneFactorMessageTypes.message_types"),
        ("pages: [{name: login, html: ./login.html, enabled: true}]", "pages"),
        ("attackProtection: {suspiciousIpThrottling: {enabled: true}}",
         "attackProtection.suspiciousIpThrottling.enabled"),
    ],
)  # fmt: skip
def test_a_value_that_changes_auth0s_answers_is_reported(text, path):
    document = parse_tenant(text)
    assert [differing for differing, _ in document.differs] == [path]
    assert path not in document.not_acted_on


def test_a_section_with_an_unexpected_type_is_ignored():
    document = parse_tenant("pages: [{name: login, enabled: false}]\nthemes: [1]\nrules: {a: 1}\n")
    assert document.differs == ()
    assert document.not_acted_on == ("themes",)


def test_a_difference_of_several_clients_is_reported_once():
    document = parse_tenant(
        "clients: [{client_id: a, sso_disabled: true}, {client_id: b, sso_disabled: true}]"
    )
    assert document.differs == (
        ("clients[].sso_disabled", "Auth0 shows the login page although the browser has a session"),
    )


def test_the_options_of_a_connection_are_checked_and_the_rest_is_kept():
    text = "databases: [{name: a, options: {requires_username: true, import_mode: true}}]"
    document = parse_tenant(text)
    assert document.databases[0].options.requires_username is True
    assert document.databases[0].options.extra == {"import_mode": True}
    assert document.not_acted_on == ("databases[].options.import_mode",)
    with pytest.raises(ConfigError, match=r"options.requires_username.*true or false"):
        parse_tenant(text.replace("true", "'yes'"))


def test_a_user_has_either_a_password_or_its_hash():
    hashed = "custom_password_hash: {algorithm: md5, hash: {value: ab}}"
    with pytest.raises(ConfigError) as refused:
        parse_tenant(f"users: [{{user_id: auth0|a, email: a@b.co, password: x, {hashed}}}]")
    assert "users[0].password: found a password and its hash" in str(refused.value)
    assert "expected either password or custom_password_hash" in str(refused.value)


def test_a_grant_must_name_a_client():
    with pytest.raises(ConfigError) as refused:
        parse_tenant("clientGrants: [{audience: 'https://a.example/api/v2/', scope: []}]")
    assert str(refused.value) == (
        "<tenant>:1: clientGrants[0].client_id: found nothing, expected a value: client_id is "
        "required"
    )


def test_a_custom_login_page_differs_and_the_url_of_an_error_page_is_checked():
    document = parse_tenant("pages: [{name: error_page, url: 'https://a.example/'}]")
    assert (document.error_page_url, document.differs) == ("https://a.example/", ())
    with pytest.raises(ConfigError, match=r"pages\[0\]\.url: found the string 'javascript:1'"):
        parse_tenant("pages: [{name: error_page, url: 'javascript:1'}]")


def test_a_disabled_login_page_of_a_client_is_not_reported():
    text = "clients: [{client_id: a, custom_login_page: ./a.html, custom_login_page_on: %s}]"
    assert parse_tenant(text % "false").differs == ()
    assert [path for path, _ in parse_tenant(text % "true").differs] == [
        "clients[].custom_login_page"
    ]


# --- scopes as strings ---


@pytest.mark.parametrize(
    "scopes",
    [
        "[read:items, {value: write:items, description: Change items}]",
        "[{value: read:items}, {value: write:items, description: Change items}]",
    ],
)
def test_a_scope_may_be_a_string(scopes):
    document = parse_tenant(f"resourceServers: [{{identifier: urn:a, scopes: {scopes}}}]")
    (api,) = document.resource_servers
    assert api.scope_values == ("read:items", "write:items")
    assert api.scopes[1].description == "Change items"
    assert to_file(document)["resourceServers"][0]["scopes"][0] == {"value": "read:items"}


@pytest.mark.parametrize(
    ("scopes", "message"),
    [
        ("['']", "scopes[0].value: found the string '', expected a non-empty string"),
        ("[5]", "scopes[0]: found the number 5, expected a mapping with value"),
        ("read:items", "scopes: found the string 'read:items', expected a list of mappings"),
        ("[@@SCOPE@@]", "scopes[0].value: found the placeholder '@@SCOPE@@' without a value"),
    ],
)
def test_an_invalid_scope_is_refused(scopes, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        parse_tenant(f"resourceServers: [{{identifier: urn:a, scopes: {scopes}}}]")


def test_a_scope_that_is_a_string_can_be_granted():
    text = """
        resourceServers: [{identifier: urn:a, scopes: [read:items]}]
        clients: [{client_id: web}]
        clientGrants: [{client_id: web, audience: urn:a, scope: [%s]}]
    """
    assert parse_tenant(text % "read:items").client_grants
    with pytest.raises(ConfigError, match=r"read:itmes.*did you mean read:items"):
        parse_tenant(text % "read:itmes")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("applications", "clients"),
        ("APIs", "resourceServers"),
        ("grants", "clientGrants"),
        ("settings", "mockidp"),
    ],
)
def test_a_section_with_the_name_that_the_dashboard_has_is_recognized(name, meant):
    with pytest.raises(ConfigError, match=f"{name}: found an unknown key.*did you mean {meant}?"):
        parse_tenant(f"{name}: []")


def test_a_name_in_place_of_a_record_is_refused_with_the_keys_of_the_record():
    with pytest.raises(ConfigError) as refused:
        parse_tenant("roles: [{name: buyer, permissions: [read:items]}]")
    assert str(refused.value).endswith(
        "found the string 'read:items', expected a mapping with permission_name and "
        "resource_server_identifier"
    )
