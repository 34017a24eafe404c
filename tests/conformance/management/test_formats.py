"""Values that have the right type, but not the form or size that Auth0 documents."""

import pytest

from helpers.acme import DATABASE, URL
from helpers.management import ManagementClient
from helpers.organizations import B2B, RED
from helpers.tenant_client import hint

DOMAIN = {"domain": "new.example", "type": "auth0_managed_certs"}
ORGANIZATION = {"name": "new"}
BLUE = {"primary": "#00f", "page_background": "#0000ff80"}
RISK = "/users/auth0%7Calice/risk-assessments/clear"
CLEARED = {"connection": DATABASE, "assessors": ["new-device"]}
NO_URL = "Object didn't pass validation for format strict-https-uri-or-null: {}"
NO_COLOR = "Object didn't pass validation for format html-color: {}"
TICKET = "/tickets/password-change"
ALICE = {"user_id": "auth0|alice"}


@pytest.fixture
def idp():
    return ManagementClient(document=B2B)


def many(number):
    return {f"key{each}": "value" for each in range(number)}


def payload(reason, place=""):
    return f"Payload validation error: '{reason}'{f' on property {place}' if place else ''}."


@pytest.mark.parametrize(
    ("call", "body", "reason", "place"),
    [
        ("POST /custom-domains", DOMAIN | {"tls_policy": "compatible"},
         "No enum match for: compatible", "tls_policy"),
        ("POST /custom-domains", DOMAIN | {"verification_method": "cname"},
         "No enum match for: cname", "verification_method"),
        ("POST /custom-domains", DOMAIN | {"custom_client_ip_header": "x-real-ip"},
         "No enum match for: x-real-ip", "custom_client_ip_header"),
        ("POST /custom-domains", DOMAIN | {"domain_metadata": many(11)},
         "Too many properties defined (11), maximum 10", "domain_metadata"),
        ("POST " + TICKET, ALICE | {"ttl_sec": 1.5},
         "Expected type integer but found type number", "ttl_sec"),
        ("POST /clients", {"name": "A", "client_secret": ""},
         "String is too short (0 chars), minimum 1", "client_secret"),
        ("POST /clients", {"name": "A", "client_metadata": many(11)},
         "Too many properties defined (11), maximum 10", "client_metadata"),
        ("POST /connections", {"name": "a", "strategy": "auth0", "metadata": many(11)},
         "Too many properties defined (11), maximum 10", "metadata"),
        ("POST /organizations", ORGANIZATION | {"display_name": ""},
         "String is too short (0 chars), minimum 1", "display_name"),
        ("POST /organizations", ORGANIZATION | {"display_name": "x" * 256},
         "String is too long (256 chars), maximum 255", "display_name"),
        ("POST /organizations", ORGANIZATION | {"metadata": many(26)},
         "Too many properties defined (26), maximum 25", "metadata"),
        ("POST /organizations", ORGANIZATION | {"metadata": {"a": "x" * 256}},
         "String is too long (256 chars), maximum 255", "metadata.a"),
        ("POST /organizations", ORGANIZATION | {"branding": {"logo_url": "http://a.example"}},
         NO_URL.format("http://a.example"), "branding.logo_url"),
        ("POST /organizations", ORGANIZATION | {"branding": {"colors": {"primary": "#fff"}}},
         "Missing required property: page_background", "branding.colors"),
        ("POST /organizations", ORGANIZATION | {"branding": {"colors": BLUE | {"primary": "red"}}},
         NO_COLOR.format("red"), "branding.colors.primary"),
        ("POST /organizations", ORGANIZATION | {"enabled_connections": [{}] * 11},
         "Array is too long (11), maximum 10", "enabled_connections"),
        (f"PATCH /organizations/{RED}", {"display_name": ""},
         "String is too short (0 chars), minimum 1", "display_name"),
        ("PATCH /branding", {}, "Too few properties defined (0), minimum 1", ""),
        ("PATCH /branding", {"font": {}}, "Too few properties defined (0), minimum 1", "font"),
        ("PATCH /branding", {"logo_url": ""}, NO_URL.format(""), "logo_url"),
        ("PATCH /branding", {"favicon_url": "/a.ico"}, NO_URL.format("/a.ico"), "favicon_url"),
        ("PATCH /branding", {"font": {"url": "ftp://a.example/f"}},
         NO_URL.format("ftp://a.example/f"), "font.url"),
        ("PATCH /branding", {"colors": {"primary": "#12345"}}, NO_COLOR.format("#12345"),
         "colors.primary"),
        ("PATCH /branding", {"colors": {"page_background": "blue"}}, NO_COLOR.format("blue"),
         "colors.page_background"),
        ("POST " + RISK, CLEARED | {"assessors": []}, "Array is too short (0), minimum 1",
         "assessors"),
        ("POST " + RISK, CLEARED | {"assessors": ["ip"]}, "No enum match for: ip", "assessors[0]"),
        ("POST " + RISK, CLEARED | {"assessors": "new-device"}, "Expected type array of strings",
         "assessors"),
        ("POST " + RISK, CLEARED | {"connection": ""}, "String is too short (0 chars), minimum 1",
         "connection"),
    ],
)  # fmt: skip
def test_a_value_of_another_form_is_refused(idp, call, body, reason, place):
    answer = idp.call(*call.split(" "), body)
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert answer.json["message"] == payload(reason, place)
    assert hint(answer)


@pytest.mark.parametrize(
    ("call", "body", "status"),
    [
        ("POST /custom-domains", DOMAIN | {"tls_policy": "recommended"}, 201),
        ("POST /custom-domains", DOMAIN | {"custom_client_ip_header": ""}, 201),
        ("POST /custom-domains", DOMAIN | {"custom_client_ip_header": None}, 201),
        ("POST /custom-domains", DOMAIN | {"domain_metadata": many(10)}, 201),
        ("POST " + TICKET, ALICE | {"ttl_sec": 60.0}, 201),
        ("POST /clients", {"name": "A", "client_secret": "x", "client_metadata": many(10)}, 201),
        ("POST /organizations", ORGANIZATION | {"display_name": "x" * 255}, 201),
        ("POST /organizations", ORGANIZATION | {"metadata": many(25)}, 201),
        ("POST /organizations", ORGANIZATION | {"branding": {"colors": BLUE}}, 201),
        ("POST /organizations", ORGANIZATION | {"branding": {"logo_url": "https://a.example/l"}},
         201),
        ("PATCH /branding", {"colors": BLUE, "logo_url": None}, 200),
        ("PATCH /branding", {"colors": {"page_background": {"type": "linear-gradient"}}}, 200),
        ("PATCH /branding", {"font": {"url": "https://a.example/f.woff"}}, 200),
        ("POST " + RISK, CLEARED, 204),
    ],
)  # fmt: skip
def test_a_value_of_the_documented_form_is_accepted(idp, call, body, status):
    answer = idp.call(*call.split(" "), body)
    assert (answer.status_code, hint(answer) or "") == (status, "")


def test_a_domain_that_is_verified_with_txt_shows_its_record(idp):
    made = idp.call("POST", "/custom-domains", DOMAIN | {"verification_method": "txt"}).json
    (method,) = made["verification"]["methods"]
    assert method["record"].startswith("auth0-domain-verification=")
    assert (method["name"], method["domain"]) == ("txt", "_cf-custom-hostname.new.example")
    assert "verification_method" not in made


def test_clearing_the_assessors_of_another_connection_is_named_in_the_hint(idp):
    answer = idp.call("POST", RISK, CLEARED | {"connection": "other"})
    assert answer.status_code == 204
    assert hint(answer) == (f"User auth0|alice belongs to connection {DATABASE}, not to 'other'.")


SUBSET = "Payload validation error: scope must be a subset of resource server scopes"
API = {"identifier": "https://a.example/", "scopes": [{"value": "read:a", "description": "A"}]}


def grant(idp, audience, scope):
    body = {"client_id": "web", "audience": audience, "scope": scope}
    return idp.call("POST", "/client-grants", body)


@pytest.mark.parametrize(
    ("audience", "scope", "near"),
    [
        ("https://a.example/", "read:b", "read:a"),
        (f"{URL}/api/v2/", "read:user", "read:users"),
        (f"{URL}/me/", "read:me:factor", "read:me:factors"),
    ],
)
def test_a_grant_with_a_scope_that_the_api_does_not_have_is_refused(idp, audience, scope, near):
    idp.call("POST", "/resource-servers", API)
    answer = grant(idp, audience, [scope])
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_body")
    assert answer.json["message"] == SUBSET
    assert hint(answer) == f"API {audience} does not have the scope {scope!r}. Did you mean {near}?"
    made = grant(idp, audience, [near])
    assert made.status_code == 201
    path = f"/client-grants/{made.json['id']}"
    assert idp.call("PATCH", path, {"scope": [scope]}).json["message"] == SUBSET
    assert idp.call("PATCH", path, {"scope": [near]}).status_code == 200
    assert idp.call("GET", path).json["scope"] == [near]
    far = idp.call("PATCH", path, {"scope": ["zzzzzzzzzz"]})
    assert hint(far) == f"API {audience} does not have the scope 'zzzzzzzzzz'."


def test_a_grant_for_the_my_account_api_has_its_scopes(idp):
    audience = f"{idp.url}/me/"
    assert idp.call("POST", "/resource-servers", {"identifier": audience}).status_code == 201
    assert grant(idp, audience, ["read:users"]).json["message"] == SUBSET
    assert grant(idp, audience, ["read:me:authentication_methods"]).status_code == 201
