"""The resources of the Management API, as Terraform creates and updates them."""

from dataclasses import dataclass, field

from helpers.acme import API, DATABASE
from helpers.assertions import public_pem
from helpers.organizations import RED

ORGANIZATION = f"/organizations/{RED}"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource of the Management API.

    Attributes:
        body: What the client sends to create one. A value in angle brackets is the name of a
            connection, in place of its id.
        change: What it sends to update it, if the API has an update.
        parent: The path of the record to which it belongs, with a real id.
        id: The member that is its id.
        only_read: What Auth0 adds when it is read (R: roles and authentication methods).
        deleted: The status of the deletion.
    """

    body: dict
    change: dict = field(default_factory=dict)
    parent: str = ""
    id: str = "id"
    only_read: dict = field(default_factory=dict)
    deleted: int = 204


RESOURCES = {
    "/users": Resource(
        body={
            "connection": DATABASE,
            "email": "new@acme.example",
            "password": "Passw0rd!",
            "user_metadata": {"plan": "free"},
        },
        change={"name": "New", "user_metadata": {"plan": "gold"}},
        id="user_id",
    ),
    "/users/{id}/authentication-methods": Resource(
        parent="/users/auth0%7Cbob",
        body={"type": "totp", "name": "App", "totp_secret": "JBSWY3DPEHPK3PXP"},
        change={"name": "Other"},
        only_read={"confirmed": True},
    ),
    "/roles": Resource(
        body={"name": "Reader"},
        change={"name": "Readers"},
        only_read={"description": ""},
        deleted=200,
    ),
    "/resource-servers": Resource(
        body={"name": "Notes", "identifier": "https://notes.example/"},
        change={"scopes": [{"value": "read:notes", "description": "Read"}]},
    ),
    "/clients": Resource(
        body={"name": "App", "app_type": "spa", "jwt_configuration": {"alg": "RS256"}},
        change={"callbacks": ["https://app.example/"], "client_metadata": {"a": "b"}},
        id="client_id",
    ),
    "/clients/{id}/credentials": Resource(
        parent="/clients/web",
        body={"credential_type": "public_key", "name": "key", "pem": public_pem()},
        change={"expires_at": "2038-01-01T00:00:00.000Z"},
    ),
    "/connections": Resource(
        body={
            "name": "suppliers",
            "strategy": "auth0",
            "options": {
                "passwordPolicy": "fair",
                "password_history": {"enable": True, "size": 5},
                "password_dictionary": {"enable": True, "dictionary": []},
                "password_complexity_options": {"min_length": 6},
                "validation": {"username": {"min": 1, "max": 15}},
            },
        },
        change={"options": {"disable_signup": True}},
        deleted=202,
    ),
    "/client-grants": Resource(
        body={"client_id": "manager", "audience": API, "scope": []},
        change={"scope": ["read:items"]},
    ),
    "/organizations": Resource(
        body={"name": "acme", "display_name": "Acme"}, change={"display_name": "Acme Ltd"}
    ),
    "/organizations/{id}/connections": Resource(
        parent=ORGANIZATION,
        body={"connection_id": "<customers>"},
        change={"show_as_button": False},
        id="connection_id",
    ),
    "/organizations/{id}/enabled_connections": Resource(
        parent=ORGANIZATION,
        body={"connection_id": "<customers>"},
        change={"assign_membership_on_login": True},
        id="connection_id",
    ),
    "/organizations/{id}/discovery-domains": Resource(
        parent=ORGANIZATION, body={"domain": "red.example"}, change={"status": "verified"}
    ),
    "/organizations/{id}/invitations": Resource(
        parent=ORGANIZATION,
        body={
            "client_id": "web",
            "inviter": {"name": "Alice"},
            "invitee": {"email": "dave@acme.example"},
        },
    ),
    "/token-exchange-profiles": Resource(
        body={
            "name": "legacy",
            "subject_token_type": "urn:acme:legacy-token",
            "action_id": "8f1c6e5e-6f0a-4d27-9f0e-0d1c2b3a4f5e",
            "type": "custom_authentication",
        },
        change={"name": "older"},
    ),
    "/custom-domains": Resource(
        body={"domain": "login.acme.example", "type": "auth0_managed_certs"},
        change={"domain_metadata": {"team": "red"}},
        id="custom_domain_id",
    ),
    "/actions/actions": Resource(
        parent="/actions",
        body={
            "name": "Greet",
            "supported_triggers": [{"id": "post-login", "version": "v3"}],
            "code": "exports.onExecutePostLogin = async () => {};",
        },
        change={"code": "exports.onExecutePostLogin = async (event, api) => {};"},
    ),
    "/actions/modules": Resource(
        parent="/actions",
        body={"name": "knots", "code": "module.exports = {};"},
        change={"code": "module.exports = {tie() {}};"},
    ),
    "/rules": Resource(body={"name": "old", "script": "function () {}"}, change={"enabled": False}),
    "/hooks": Resource(
        body={"name": "old", "script": "//", "triggerId": "post-user-registration"},
        change={"enabled": True},
    ),
    "/forms": Resource(
        body={"name": "Profile", "ending": {"resume_flow": True}}, change={"nodes": []}
    ),
    "/flows": Resource(body={"name": "Register", "actions": []}, change={"name": "Enroll"}),
    "/flows/vault/connections": Resource(
        parent="/flows/vault",
        body={"name": "Mailbox", "app_id": "HTTP"},
        change={"name": "Letterbox"},
    ),
    "/event-streams": Resource(
        body={
            "name": "Users",
            "subscriptions": [{"event_type": "user.created"}],
            "destination": {"type": "webhook", "configuration": {}},
        },
        change={"status": "disabled"},
    ),
    "/log-streams": Resource(
        body={"name": "audit", "type": "http", "sink": {"httpEndpoint": "https://logs.example/"}},
        change={"status": "paused"},
    ),
    "/branding/themes": Resource(
        parent="/branding",
        body={
            "borders": {"widget_corner_radius": 5},
            "colors": {"primary_button": "#635dff"},
            "fonts": {"links_style": "normal"},
            "page_background": {"page_layout": "center"},
            "widget": {"logo_url": ""},
        },
        change={"borders": {"widget_corner_radius": 3}},
        id="themeId",
    ),
    "/branding/phone/providers": Resource(
        parent="/branding/phone",
        body={
            "name": "twilio",
            "configuration": {"sid": "AC1", "default_from": "+15550100"},
            "credentials": {"auth_token": "s3cret"},
        },
        change={"disabled": True},
    ),
    "/branding/phone/templates": Resource(
        parent="/branding/phone",
        body={"type": "otp_verify", "content": {"body": {"text": "Code {{code}}"}}},
        change={"disabled": True},
    ),
    "/self-service-profiles": Resource(
        body={"name": "partners", "allowed_strategies": ["oidc"]},
        change={"description": "For partners"},
    ),
    "/user-attribute-profiles": Resource(
        body={"name": "crew", "user_attributes": {"email": {"label": "E-mail"}}},
        change={"user_id": {"oidc_mapping": "sub"}},
    ),
    "/connection-profiles": Resource(
        body={"name": "partners", "enabled_features": ["scim"]},
        change={"connection_config": {"custom": True}},
    ),
    "/network-acls": Resource(
        body={
            "description": "Block a network",
            "active": True,
            "priority": 1,
            "rule": {"action": {"block": True}, "scope": "tenant", "match": {"asns": [1]}},
        },
        change={"active": False},
        only_read={"tenant_id": "Acme", "deleted_at": None},
        deleted=200,
    ),
    "/rate-limit-policies": Resource(
        body={
            "resource": "oauth_authentication_api",
            "consumer": "client",
            "consumer_selector": "default",
            "configuration": {"action": "block", "limit": 100},
        },
        change={"configuration": {"action": "allow"}},
    ),
}
"""By the path of the calls that create them."""
