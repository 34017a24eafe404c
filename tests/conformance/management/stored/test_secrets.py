"""No journal entry, and no log of Auth0's, has a secret of what is stored."""

import pytest

SECRET = "a-secret-of-some-length"
ACTION = {"name": "Greet", "supported_triggers": [{"id": "post-login", "version": "v3"}]}
HOOK = {"name": "greet", "script": "", "triggerId": "pre-user-registration"}


def webhook(**authorization):
    configuration = {"webhook_authorization": authorization}
    return {"name": "Users", "destination": {"type": "webhook", "configuration": configuration}}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/actions/actions", {**ACTION, "secrets": [{"name": "TOKEN", "value": SECRET}]}),
        ("/actions/modules",
         {"name": "knots", "code": "", "secrets": [{"name": "TOKEN", "value": SECRET}]}),
        ("/flows/vault/connections",
         {"name": "Mailbox", "app_id": "HTTP", "setup": {"anything": SECRET}}),
        ("/event-streams", webhook(method="bearer", token=SECRET)),
        ("/event-streams", webhook(method="basic", username="me", password=SECRET)),
        ("/event-streams", webhook(method="custom_header", header_value=SECRET)),
        ("/log-streams",
         {"name": "audit", "type": "http", "sink": {"httpAuthorization": SECRET}}),
        ("/log-streams",
         {"name": "audit", "type": "datadog", "sink": {"datadogApiKey": SECRET}}),
    ],
)  # fmt: skip
def test_a_secret_of_a_new_object_is_not_recorded(idp, path, body):
    assert idp.call("POST", path, body).status_code in (200, 201)
    assert SECRET not in recorded(idp)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_secret_of_a_hook_is_not_recorded(idp, method):
    hook = idp.call("POST", "/hooks", HOOK).json
    assert idp.call(method, f"/hooks/{hook['id']}/secrets", {"NAME": SECRET}).status_code == 201
    assert idp.tenant.journal.last("management").parameters == {"NAME": "***"}
    assert SECRET not in recorded(idp)


def test_a_value_of_the_configuration_of_rules_is_not_recorded(idp):
    assert idp.call("PUT", "/rules-configs/NAME", {"value": SECRET}).status_code == 200
    assert SECRET not in recorded(idp)


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("azure_cs", "connectionString"),
        ("mandrill", "api_key"),
        ("ms365", "clientSecret"),
        ("ses", "secretAccessKey"),
        ("smtp", "smtp_pass"),
    ],
)
def test_a_credential_of_the_email_provider_is_not_recorded(idp, provider, name):
    body = {"name": provider, "credentials": {name: SECRET}}
    assert idp.call("POST", "/emails/provider", body).status_code == 201
    assert SECRET not in recorded(idp)


def test_a_credential_of_a_phone_provider_is_not_recorded(idp):
    body = {"name": "custom", "credentials": {"auth_token": SECRET}}
    assert idp.call("POST", "/branding/phone/providers", body).status_code == 201
    assert SECRET not in recorded(idp)


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("duo/settings", "skey"),
        ("phone/providers/twilio", "auth_token"),
        ("push-notification/providers/apns", "p12"),
        ("push-notification/providers/fcm", "server_key"),
        ("push-notification/providers/fcmv1", "server_credentials"),
        ("push-notification/providers/sns", "aws_secret_access_key"),
    ],
)
def test_a_secret_of_a_second_factor_is_not_recorded(idp, setting, name):
    assert idp.call("PUT", f"/guardian/factors/{setting}", {name: SECRET}).status_code == 200
    assert SECRET not in recorded(idp)


def recorded(idp):
    """Return the journal and the logs as text. The logs are read first: reading is recorded."""
    logs = idp.call("GET", "/logs").get_data(as_text=True)
    return logs + idp.tenant.journal.to_json()
