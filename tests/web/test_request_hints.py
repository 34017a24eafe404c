"""Requests that are refused because of how they were sent: the hint names the cause."""

import json
from dataclasses import replace

import pytest

from helpers.acme import ACME, API, with_client, with_settings
from helpers.tenant_client import TenantClient, basic, hint

FORM = "application/x-www-form-urlencoded"
AS_JSON = (
    f"The body is JSON, but Content-Type is {FORM}, as `curl -d` sets it. Send `Content-Type: "
    "application/json`."
)
M2M = {
    "grant_type": "client_credentials",
    "client_id": "m2m",
    "client_secret": "m2m-secret",
    "audience": API,
}


def post(idp, path, data, content_type=FORM, **headers):
    return idp.request("POST", path, data=data, headers={"Content-Type": content_type, **headers})


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(M2M),
        f"\n  {json.dumps(M2M, indent=2)}\n",
        json.dumps(M2M | {"name": "ü"}, ensure_ascii=False),
        json.dumps([M2M]),
        json.dumps(json.dumps(M2M)),
        json.dumps(M2M)[:40],
    ],
)
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_json_under_a_forms_content_type_is_a_400_whose_hint_names_it(idp, path, body):
    answer = post(idp, path, body.encode())
    assert answer.status_code == 400
    assert answer.json["error"] == "invalid_request"
    assert hint(answer) == AS_JSON
    assert "m2m-secret" not in idp.tenant.journal.to_json()


def test_with_a_basic_header_json_under_a_forms_content_type_is_recognized(idp):
    answer = post(idp, "/oauth/token", json.dumps(M2M), **basic("m2m", "m2m-secret"))
    assert answer.json["error_description"] == "Missing required parameter: grant_type"
    assert hint(answer) == AS_JSON


def test_an_impersonation_request_as_json_under_a_forms_content_type_is_recognized(idp):
    form = {"client_id": "global", "client_secret": "global-secret"}
    token = idp.post("/oauth/token", grant_type="client_credentials", **form).json["access_token"]
    body = json.dumps({"protocol": "oauth2", "impersonator_id": "auth0|bob", "client_id": "web"})
    path, bearer = "/users/auth0%7Calice/impersonate", {"Authorization": f"Bearer {token}"}
    answer = post(idp, path, body, **bearer)
    assert (answer.status_code, answer.json["message"]) == (
        400,
        "Missing required property: protocol",
    )
    assert hint(answer) == AS_JSON
    answer = post(idp, f"{path}?client_id=web", "protocol=oauth2", **bearer)
    assert answer.json["message"] == "Missing required property: client_id"
    assert hint(answer).endswith(
        "The query string of a POST is not read. Send `client_id` in the body."
    )
    answer = idp.post(f"{path}?access_token={token}", protocol="oauth2")
    assert "query" not in hint(answer)


def test_at_userinfo_json_under_a_forms_content_type_is_recognized(idp):
    answer = post(idp, "/userinfo", json.dumps({"access_token": "x"}))
    assert (answer.status_code, answer.text) == (401, "Unauthorized")
    assert hint(answer) == f"No access token was sent. {AS_JSON}"


@pytest.mark.parametrize("body", ["grant_type=client_credentials&client_id=m2m", " a[b]=c", "_x="])
def test_a_form_under_json_is_recognized(idp, body):
    answer = post(idp, "/oauth/token", body, "application/json")
    assert answer.json == {"error": "invalid_request", "error_description": "Invalid JSON"}
    assert hint(answer) == (
        f"The body is a form (`a=b&c=d`), but Content-Type says JSON. Send `Content-Type: {FORM}`."
    )


def test_json_that_was_converted_twice_is_recognized(idp):
    answer = post(idp, "/oauth/token", json.dumps(json.dumps(M2M)), "application/json")
    assert hint(answer) == (
        "The body is a JSON str instead of an object. It was converted to JSON twice."
    )


def test_parameters_in_the_query_of_a_post_are_not_read_and_named(idp):
    answer = idp.post("/oauth/token?grant_type=client_credentials&client_id=m2m&client_secret=s")
    assert answer.json["error_description"] == "Missing required parameter: client_id"
    assert hint(answer) == (
        "The query string of a POST is not read. Send `grant_type`, `client_id`, `client_secret` in "
        "the body."
    )


@pytest.mark.parametrize("name", sorted(M2M))
def test_each_parameter_in_the_query_of_a_post_is_named(idp, name):
    rest = {key: value for key, value in M2M.items() if key != name}
    answer = idp.post(f"/oauth/token?{name}={M2M[name]}", **rest)
    assert answer.status_code in {400, 401, 403}
    assert f"The query string of a POST is not read. Send `{name}` in the body." in hint(answer)
    assert "m2m-secret" not in hint(answer)


def test_unread_parameters_are_named_although_the_request_succeeds(idp):
    answer = idp.post("/oauth/token?audience=other&scope=a", **M2M)
    assert answer.status_code == 200
    assert hint(answer).endswith(
        "The query string of a POST is not read. Send `audience`, `scope` in the body."
    )


def test_at_revoke_the_query_is_not_read(idp):
    answer = idp.post("/oauth/revoke?token=t", client_id="web", client_secret="web-secret")
    assert answer.json["error_description"] == "Missing required parameter: token"
    assert hint(answer) == "The query string of a POST is not read. Send `token` in the body."


def test_many_names_and_long_names_are_cut(idp):
    query = "&".join(f"{'n' * 60}{number}=1" for number in range(15))
    answer = idp.post(f"/oauth/token?{query}", **M2M)
    assert hint(answer).endswith("Send " + ", ".join(["`" + "n" * 40 + "`"] * 10) + " in the body.")


def test_a_query_that_cannot_be_parsed_is_ignored(idp):
    answer = idp.post("/oauth/token?a=1&a=2", **M2M)
    assert (answer.status_code, "query" in hint(answer)) == (200, False)


# --- client_id and client_secret ---


@pytest.fixture
def secretive():
    document = with_client(ACME, "m2m", client_secret="a+b%2Bc d")
    return TenantClient(document)


def refusal(answer):
    assert answer.status_code == 401
    assert answer.json == {"error": "access_denied", "error_description": "Unauthorized"}
    assert "a+b" not in hint(answer)
    return hint(answer)


@pytest.mark.parametrize(
    ("secret", "cause"),
    [
        ("a+b%2Bc d\n", "The secret that was sent has white space, such as a line break"),
        ('"a+b%2Bc d"', "The secret that was sent is in quotation marks."),
        ("a%2Bb%252Bc%20d", "The secret that was sent is percent-encoded twice."),
        (
            "undefined",
            "The secret that was sent is the text 'undefined', so a variable of the client",
        ),
        ("${SECRET}", "The secret that was sent looks like a placeholder"),
        ("<secret>", "The secret that was sent looks like a placeholder"),
        ("YOUR_CLIENT_SECRET", "The secret that was sent looks like a placeholder"),
        ("m2m", "The client_id was sent as the secret."),
        ("web-secret", "It is the secret of client web."),
    ],
)
def test_what_happened_to_a_secret_is_named(secretive, secret, cause):
    answer = secretive.post("/oauth/token", **M2M | {"client_secret": secret})
    expected = f"The `client_secret` is not that of client m2m. {cause}"
    assert refusal(answer).startswith(expected)


def test_a_plus_that_became_a_space_is_named():
    idp = TenantClient(with_client(ACME, "m2m", client_secret="a+b"))
    answer = post(idp, "/oauth/token", b"client_id=m2m&client_secret=a+b")
    assert refusal(answer).endswith(
        "had a + that became a space because it was not percent-encoded as %2B."
    )


def test_an_unknown_secret_has_no_known_cause(secretive):
    answer = secretive.post("/oauth/token", **M2M | {"client_secret": "wrong"})
    assert refusal(answer) == "The `client_secret` is not that of client m2m."


@pytest.mark.parametrize(
    ("client_id", "cause"),
    [
        ("m2m ", "It has white space, such as a line break, before or after it."),
        ("'m2m'", "It is in quotation marks."),
        ("%6d2m", "It is percent-encoded twice."),
        ("null", "It is the text 'null', so a variable of the client was empty."),
        ("{{client_id}}", "It looks like a placeholder that was never replaced."),
        ("Machine", "It is the name of client m2m."),
        ("nobody", "Known clients: "),
    ],
)
def test_what_happened_to_a_client_id_is_named(client_id, cause):
    idp = TenantClient(with_client(ACME, "m2m", name="Machine"))
    answer = idp.post("/oauth/token", **M2M | {"client_id": client_id})
    assert refusal(answer).startswith(f"No client has the `client_id` {client_id!r}. {cause}")


def with_clients(count):
    clients = tuple(replace(ACME.clients[0], client_id=f"app-{n:04}") for n in range(count))
    return TenantClient(replace(ACME, clients=clients, client_grants=()))


@pytest.mark.parametrize(
    ("sent", "listed"),
    [
        ("nobody", ""),
        ("app-0007x", " Did you mean app-0007?"),
        ("app-0207x", " Did you mean app-00"),  # only the first hundred are compared
        ("app-0007" * 13, ""),  # too long to be compared
    ],
)
def test_an_unknown_client_id_is_answered_with_ten_that_are_known(sent, listed):
    idp = with_clients(1500)
    known = ", ".join(f"app-{n:04}" for n in range(10))
    expected = (
        f"No client has the `client_id` {sent!r}. Known clients: {known} and 1490 more.{listed}"
    )
    for answer in (
        idp.post("/oauth/token", **M2M | {"client_id": sent}),
        idp.authorize(client_id=sent),
    ):
        assert hint(answer).startswith(expected)
        assert "secret" not in hint(answer)


def test_without_clients_none_is_known():
    answer = with_clients(0).authorize(client_id="web")
    assert hint(answer) == "No client has the `client_id` 'web'. Known clients: none."


# --- Basic credentials that were not form-encoded ---

RAW = {"Authorization": basic("m2m", "a+b%2Bc d")["Authorization"]}
GRANT = {"grant_type": "client_credentials", "audience": API}


def test_rfc6749_2_3_1__basic_credentials_without_form_encoding_are_refused_with_a_hint(secretive):
    answer = secretive.post("/oauth/token", headers=RAW, **GRANT)
    expected = (
        "The Basic header has the right values, but not in the form encoding that RFC 6749 2.3.1"
    )
    assert expected in refusal(answer)
    assert "or set `accept_raw_basic_credentials`." in hint(answer)
    encoded = basic("m2m", "a%2Bb%252Bc+d")
    assert secretive.post("/oauth/token", headers=encoded, **GRANT).status_code == 200


def test_a_client_id_without_form_encoding_is_refused_with_the_same_hint():
    clients = tuple(
        replace(one, client_id="m+2m") if one.client_id == "m2m" else one for one in ACME.clients
    )
    idp = TenantClient(replace(ACME, clients=clients))
    headers = basic("m+2m", "m2m-secret")
    answer = idp.post("/oauth/token", headers=headers, **GRANT)
    assert refusal(answer).startswith("No client has the `client_id` 'm 2m'. The Basic header has")


def test_a_setting_accepts_basic_credentials_without_form_encoding():
    document = with_client(ACME, "m2m", client_secret="a+b%2Bc d")
    idp = TenantClient(with_settings(document, accept_raw_basic_credentials=True))
    for headers in (RAW, basic("m2m", "a%2Bb%252Bc+d")):
        assert idp.post("/oauth/token", headers=headers, **GRANT).status_code == 200
    for secret in ("a+b", "web-secret"):
        answer = idp.post("/oauth/token", headers=basic("m2m", secret), **GRANT)
        assert refusal(answer)
        assert "accept_raw_basic_credentials" not in hint(answer)
