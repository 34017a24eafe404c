"""Auth0's refusals, one row for each, in the order of its resources.

A row has the call, its body, and the status, message and `errorCode` of the answer. The marks of
docs/fidelity.md say which texts were recorded.
"""

from dataclasses import replace

import pytest

from helpers.acme import DATABASE, web_client
from helpers.management import ManagementClient
from helpers.organizations import B2B, RED
from helpers.tenant_client import hint
from mockidp.resources.connection import Connection
from mockidp.resources.custom_domain import CustomDomain

ALICE, WEAK = "/users/auth0%7Calice", "short"
NEW = {"connection": DATABASE, "email": "new@acme.example", "password": "Passw0rd!"}
NONE = {"connection": "none", "email": "new@acme.example", "password": "Passw0rd!"}
OFF = {"connection": "off", "email": "new@acme.example", "password": "Passw0rd!"}
PAST_1000 = (
    "You can only page through the first 1000 records. See https://auth0.com/docs/users/search/v3/"
    "view-search-results-by-page#limitation"
)
NOT_ENABLED = (
    "Connection must be enabled for this client to perform single user creation and signup "
    "operations (client_id: manager - connection: off)"
)
NO_STREAM_ID = (
    "Path validation error: 'Object didn't pass validation for format event-stream-id: x' on "
    "property id."
)
NOT_UNIQUE = "Array items are not unique (indexes 0 and 1)"
TOO_MANY = "Query validation error: 'Value 101 is greater than maximum 100' on property per_page."
UNUSED_ACL = "acl_" + "0" * 22


def payload(reason, at=""):
    """Return the message about a body."""
    place = f" on property {at}" if at else ""
    return f"Payload validation error: '{reason}'{place}."


ROWS = [
    # users
    ("GET", "/users/auth0%7Cnone", None, 404, "The user does not exist.", "inexistent_user"),
    ("POST", "/users", {**NEW, "email": "alice@acme.example"}, 409, "The user already exists.",
     "auth0_idp_error"),
    ("POST", "/users", NONE, 400, "The connection does not exist.", "inexistent_connection"),
    ("POST", "/users", OFF, 400, NOT_ENABLED, "auth0_idp_error"),
    ("POST", "/users", {**NEW, "password": WEAK}, 400,
     "PasswordStrengthError: Password is too weak", "invalid_body"),
    ("POST", "/users", {}, 400, payload("Missing required property: connection"), "invalid_body"),
    ("POST", "/users", {"connection": DATABASE, "password": "Passw0rd!"}, 400,
     payload("Missing required property: email"), "invalid_body"),
    ("POST", "/users", {**NEW, "email": "no"}, 400,
     payload("Object didn't pass validation for format email: no", "email"), "invalid_body"),
    ("POST", "/users", {**NEW, "a": 1, "b": 2}, 400,
     payload("Additional properties not allowed: a,b"), "invalid_body"),
    ("POST", "/users", {**NEW, "verify_email": "yes"}, 400,
     payload("Expected type boolean but found type string", "verify_email"), "invalid_body"),
    ("PATCH", ALICE, {"email": "a@b.co", "password": "Passw0rd!"}, 400,
     "Cannot update password and email simultaneously", "operation_not_supported"),
    ("PATCH", ALICE, {"email": "bob@acme.example"}, 400,
     "The specified new email already exists", "auth0_idp_error"),
    ("PATCH", ALICE, {"connection": "none"}, 400, "The connection does not exist.",
     "inexistent_connection"),
    ("PATCH", ALICE, {"client_id": "none", "email": "a@b.co"}, 404, "The client does not exist.",
     "inexistent_client"),
    ("GET", "/users?per_page=101", None, 400, TOO_MANY, "invalid_query_string"),
    ("GET", "/users?per_page=100&page=10", None, 400, PAST_1000, "invalid_paging"),
    ("GET", "/users?q=a%3A(", None, 400, "Query validation error: 'Invalid query string'.",
     "invalid_query_string"),
    ("POST", f"{ALICE}/identities", {"provider": "auth0", "user_id": "alice"}, 400,
     "Main account and secondary account cannot be the same", "operation_not_supported"),
    ("DELETE", f"{ALICE}/identities/auth0/alice", None, 400,
     "You can not unlink a primary identity", "operation_not_supported"),
    ("GET", "/anomaly/blocks/ips/10.0.0.1", None, 404, "Not Found", None),
    ("GET", "/guardian/enrollments/dev_none", None, 404, "Enrollment not found",
     "enrollment_not_found"),
    # roles
    ("GET", "/roles/rol_none", None, 404, "The role does not exist.", None),
    ("POST", "/roles", {"name": "editor"}, 409, "Role name already exists", "role_conflict"),
    # clients
    ("GET", "/clients/none", None, 404, "The client does not exist", "inexistent_client"),
    ("PATCH", "/clients/web", {"client_id": "x"}, 400,
     payload("Additional properties not allowed: client_id"), "invalid_body"),
    ("PATCH", "/clients/web", {"client_metadata": {"a": 5}}, 400,
     payload("Expected type string but found type integer", "client_metadata.a"), "invalid_body"),
    ("PATCH", "/clients/web", {"client_metadata": ["a"]}, 400,
     payload("Expected type object but found type array", "client_metadata"), "invalid_body"),
    ("PATCH", "/clients/web", {"client_metadata": {"a": "x" * 256}}, 400,
     payload("String is too long (256 chars), maximum 255", "client_metadata.a"), "invalid_body"),
    ("PATCH", "/clients/web", {"grant_types": ["magic"]}, 400, "Invalid grant types: magic",
     "invalid_body"),
    # organizations
    ("GET", "/organizations/org_none", None, 404, "No organization found by that id or name", None),
    ("POST", "/organizations", {"name": "red"}, 409,
     "An organization with this name already exists", None),
    ("PATCH", f"/organizations/{RED}", {"branding": {"color": "red"}}, 400,
     payload("Additional properties not allowed: color", "branding"), "invalid_body"),
    ("PATCH", f"/organizations/{RED}", {"branding": {"colors": {"primary": 5}}}, 400,
     payload("Expected type string but found type integer", "branding.colors.primary"),
     "invalid_body"),
    ("PATCH", f"/organizations/{RED}", {"metadata": {"a": 5}}, 400,
     payload("Expected type string but found type integer", "metadata.a"), "invalid_body"),
    ("GET", f"/organizations/{RED}/connections/con_none", None, 404,
     "No connection found by that id", None),
    ("GET", f"/organizations/{RED}/invitations/uinv_none", None, 404,
     "The invitation does not exist.", "inexistent_invitation"),
    # client grants and APIs
    ("GET", "/client-grants/cgr_none", None, 404, "The grant does not exist.",
     "inexistent_client_grant"),
    ("POST", "/client-grants", {"client_id": "web", "audience": "https://none/", "scope": []}, 404,
     "No resource with identifier https://none/", None),
    ("POST", "/client-grants", {"client_id": "web", "audience": "https://none/",
     "scope": ["a", "a"]}, 400, payload(NOT_UNIQUE, "scope"), "invalid_body"),
    ("GET", "/resource-servers/none", None, 404, "The resource server does not exist",
     "inexistent_resource_server"),
    # connections
    ("GET", "/connections/con_none", None, 404, "The connection does not exist",
     "inexistent_connection"),
    ("POST", "/connections", {"name": DATABASE, "strategy": "auth0"}, 409,
     "A connection with the same name already exists", None),
    # tenant
    ("PATCH", "/tenants/settings", {"support_email": 5}, 400,
     payload("Expected type string but found type integer", "support_email"), "invalid_body"),
    ("PATCH", "/tenants/settings", {"flags": {"enable_sso": "yes"}}, 400,
     payload("Expected type boolean but found type string", "flags.enable_sso"), "invalid_body"),
    ("PATCH", "/tenants/settings", {"default_audience": []}, 400,
     payload("Expected type string but found type array", "default_audience"), "invalid_body"),
    ("PATCH", "/tenants/settings", {"sandbox_versions_available": []}, 400,
     payload("Additional properties not allowed: sandbox_versions_available"), "invalid_body"),
    # tickets, jobs, logs
    ("POST", "/tickets/password-change", {"user_id": "auth0|none"}, 404,
     "The user does not exist.", "inexistent_user"),
    ("GET", "/jobs/job_none", None, 404, "The job does not exist.", "inexistent_job"),
    ("GET", "/logs/900", None, 404, "The log does not exist", "inexistent_log"),
    # stored sections
    ("GET", "/actions/actions/none", None, 404, "That action does not exist.", None),
    ("GET", "/actions/executions/none", None, 404, "That execution does not exist.", None),
    ("GET", "/rules/rul_none", None, 404, "The rule does not exist", "inexistent_rule"),
    ("GET", "/hooks/none", None, 404, "Error: Hook does not exist", "HookDoesNotExist"),
    ("GET", "/log-streams/lst_none", None, 404, "The log stream does not exist.", None),
    ("GET", "/emails/provider", None, 404, "There is not a configured email provider",
     "inexistent_email_provider"),
    ("GET", "/email-templates/verify_email", None, 404, "The template does not exist.",
     "inexistent_email_template"),
    ("PATCH", "/branding", {"font": {"family": "x"}}, 400,
     payload("Additional properties not allowed: family", "font"), "invalid_body"),
    ("GET", "/branding/templates/universal-login", None, 404, "Template does not exist.",
     "inexistent_templates_universal_login"),
    ("GET", "/branding/themes/default", None, 404,
     "There was an error retrieving branding settings: invalid theme ID", "theme_not_found"),
    ("DELETE", "/branding/themes/none", None, 404,
     "There was an error deleting branding settings: invalid theme ID", "theme_not_found"),
    ("GET", "/branding/phone/providers/pro_none", None, 404, "Notification Resource not found",
     None),
    ("GET", "/custom-domains/cd_none", None, 404, "The custom domain cd_none does not exist",
     "inexistent_custom_domain"),
    ("GET", "/forms/ap_none", None, 404, "Form not found", None),
    ("GET", "/flows/af_none", None, 404, "Flow not found", None),
    ("GET", "/flows/vault/connections/ac_none", None, 404, "Connection not found", None),
    ("GET", "/self-service-profiles/ssp_none", None, 404, "Profile with ID: ssp_none not found",
     None),
    ("GET", "/network-acls/none", None, 400,
     "Network ACL id is not a valid ACL ID in the form 'acl_XXXXXXXXXXXXXXXXXXXXXX'",
     "invalid_uri"),
    ("GET", f"/network-acls/{UNUSED_ACL}", None, 404, "NetworkACL with this ID was not found",
     None),
    ("POST", "/network-acls", {"description": "a", "active": True, "rule": {"match":
     {"auth0_managed": ["auth0.low_reputation", "auth0.low_reputation"]}}}, 400,
     payload(NOT_UNIQUE, "rule.match.auth0_managed"), "invalid_body"),
    ("GET", "/token-exchange-profiles/tep_none", None, 404, "Token exchange profile not found.",
     None),
    ("GET", "/user-attribute-profiles/uap_none", None, 404, "User attribute profile not found.",
     None),
    ("GET", "/event-streams/x", None, 400, NO_STREAM_ID, "invalid_uri"),
    ("GET", "/none", None, 404, "Not Found", None),
    # what mockidp does not have
    ("GET", "/keys/encryption", None, 403,
     "Insufficient scope, expected any of: read:encryption_keys", "insufficient_scope"),
    ("POST", "/event-streams/est_x/redeliver", {}, 403,
     "Insufficient scope, expected any of: update:event_deliveries", "insufficient_scope"),
    ("GET", f"{ALICE}/effective-roles", None, 403,
     "Insufficient scope, expected any of: read:user_effective_roles", "insufficient_scope"),
]  # fmt: skip


@pytest.fixture(scope="module")
def idp():
    off = Connection(name="off", strategy="auth0", enabled_clients=("web",))
    document = replace(
        B2B,
        connections=(*B2B.connections, off),
        clients=(*B2B.clients, web_client("other")),
    )
    return ManagementClient(document=document)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]} {row[4]}"[:80])
def test_a_refusal_is_that_of_auth0(idp, row):
    method, path, body, status, message, code = row
    answer = idp.call(method, path, body)
    error = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}[status]
    expected = {"statusCode": status, "error": error, "message": message}
    assert answer.json == expected | ({"errorCode": code} if code else {})
    assert list(answer.json) == ["statusCode", "error", "message", "errorCode"][: 4 if code else 3]
    assert hint(answer)


def test_links_of_a_tenant_with_several_domains_need_a_default():
    domains = (CustomDomain(domain="a.acme.test"), CustomDomain(domain="b.acme.test"))
    idp = ManagementClient(document=replace(B2B, custom_domains=domains))
    answer = idp.call("POST", "/users", NEW)
    assert answer.json == {
        "statusCode": 409,
        "error": "Conflict",
        "message": "The tenant has multiple verified custom domains.",
        "errorCode": "custom_domain_conflict",
    }
    assert "a.acme.test, b.acme.test" in hint(answer)
    assert idp.call("PATCH", ALICE, {"name": "Al"}).status_code == 200
    idp.call("PATCH", "/custom-domains/default", {"domain": "a.acme.test"})
    assert idp.call("POST", "/users", NEW).status_code == 201
