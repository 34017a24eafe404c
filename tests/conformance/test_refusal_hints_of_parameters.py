"""Hints for typical mistakes with audience, scope, grant type, names and URLs."""

import dataclasses

import pytest

from helpers.acme import ACME, API, URL
from helpers.tenant_client import TenantClient, basic, hint
from mockidp.flows.token import GRANTS


def refused(answer, status):
    assert answer.status_code == status
    return hint(answer)


# --- audience, scope, grant type, names and passwords ---


@pytest.mark.parametrize(
    ("audience", "meant"),
    [
        ("web", "It is a `client_id`. Send the identifier of the API that is called."),
        ("The API", f"It is the name of API {API}. Send the identifier."),
        (API.rstrip("/"), f"API {API} exists. Check the trailing slash."),
        (f"{API}/", f"API {API} exists. Check the trailing slash."),
        (f" {API}", "It has white space, such as a line break, before or after it."),
        ("https%3A%2F%2Fapi.example%2F", "It is percent-encoded twice."),
        ("undefined", "It is the text 'undefined', so a variable of the client was empty."),
        (
            URL,
            (
                f"It is the issuer. Send the identifier of the API that is called, or {URL}/api/v2/ "
                "for the Management API."
            ),
        ),
        (f"{URL}/", "It is the issuer."),
        (f"{URL}/api/v2", f"API {URL}/api/v2/ exists. Check the trailing slash."),
        (
            "https://acme.eu.auth0.com/api/v2/",
            f"The Management API of this tenant is {URL}/api/v2/.",
        ),
    ],
)
def test_an_unknown_audience_is_explained(audience, meant):
    apis = tuple(
        dataclasses.replace(one, name="The API") if one.identifier == API else one
        for one in ACME.resource_servers
    )
    idp = TenantClient(dataclasses.replace(ACME, resource_servers=apis))
    answer = idp.machine_token(audience=audience)
    assert answer.json["error_description"] == f"Service not enabled within domain: {audience}"
    assert f"No API has the identifier {audience!r}. {meant}" in refused(answer, 403)


@pytest.mark.parametrize(
    ("url", "audience", "is_issuer"),
    [
        ("http://localhost:9400", "http://127.0.0.1:9400", True),
        ("http://localhost:9400", "http://localhost:9400/", True),
        ("http://mock:9400", "http://mock:9400", True),
        ("http://mock:9400", "http://idp.example", True),
        ("http://localhost:9400", "http://orders", False),
        ("http://localhost:9400", "http://localhost:3000/", False),
        ("http://mock:9400", "http://orders:9400", False),
    ],
)
def test_only_a_url_of_the_tenant_is_called_the_issuer(url, audience, is_issuer):
    settings = dataclasses.replace(ACME.mockidp, hosts=("idp.example",))
    idp = TenantClient(dataclasses.replace(ACME, mockidp=settings), url=url)
    answer = idp.machine_token(audience=audience)
    assert answer.status_code == 403
    assert ("It is the issuer." in hint(answer)) is is_issuer
    assert ("Known APIs: " in hint(answer)) is not is_issuer


def test_the_hint_for_an_unknown_audience_lists_the_known_ones(idp):
    known = ", ".join(one.identifier for one in ACME.resource_servers)
    listed = refused(idp.machine_token(audience="urn:other"), 403)
    assert listed == f"No API has the identifier 'urn:other'. Known APIs: {known}."
    meant = refused(idp.machine_token(audience="https://apis.exmaple/"), 403)
    assert meant == (
        f"No API has the identifier 'https://apis.exmaple/'. Known APIs: {known}. Did you mean {API}?"
    )


def test_scopes_with_commas_are_explained(idp):
    answer = idp.machine_token(audience=API, scope="read:things,write:things")
    assert refused(answer, 403).endswith("Scopes are separated by spaces, not commas.")
    answer = idp.machine_token(audience=API, scope="other")
    assert "commas" not in refused(answer, 403)
    answer = idp.machine_token(audience=API, scope="read:itmes")
    assert refused(answer, 403) == (
        f"The client grant of client m2m for API {API} has the scopes read:items, write:items. Did you "
        "mean read:items?"
    )


GRANT_TYPES = f"Known grant types: {', '.join([*GRANTS][:10])} and {len(GRANTS) - 10} more."


@pytest.mark.parametrize(
    ("grant_type", "cause"),
    [
        ("client-credentials", f". {GRANT_TYPES} Did you mean client_credentials?"),
        ("Authorization_Code", f". {GRANT_TYPES} Did you mean authorization_code?"),
        ("authorisation_code", f". {GRANT_TYPES} Did you mean authorization_code?"),
        ("password ", ", which has white space, such as a line break, before or after it."),
        (
            "http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fpassword-realm",
            ", which is percent-encoded twice.",
        ),
        ("other", f". {GRANT_TYPES}"),
    ],
)
def test_a_misspelt_grant_type_is_explained(idp, grant_type, cause):
    answer = idp.token(grant_type=grant_type)
    assert f"Parameter `grant_type` is {grant_type!r}{cause}" in refused(answer, 501)


def test_a_plus_that_became_a_space_in_a_name_or_password_is_explained():
    users = tuple(
        dataclasses.replace(one, email="a+b@acme.example", password="1+1=2")
        if one.user_id == "auth0|alice" else one
        for one in ACME.users
    )  # fmt: skip
    idp = TenantClient(dataclasses.replace(ACME, users=users))
    cause = "that was sent had a + that became a space because it was not percent-encoded as %2B."
    for form in (
        {"username": "a b@acme.example", "password": "1+1=2"},
        {"username": "a+b@acme.example", "password": "1 1=2"},
    ):
        assert refused(idp.password_token(**form), 403).endswith(cause)
    answer = idp.password_token(username="a+b@acme.example", password="other")
    assert refused(answer, 403) == "User auth0|alice has another password."


# --- URLs that were escaped for HTML ---


def test_a_url_that_was_escaped_for_html_is_recognized(idp):
    answer = idp.get("/authorize?response_type=code&amp;client_id=web&amp;state=s")
    assert refused(answer, 400) == (
        "Parameter `amp;client_id` was sent. The URL was escaped for HTML (`&amp;`) and not "
        "unescaped."
    )


@pytest.mark.parametrize("path", ["/authorize", "/v2/logout"])
def test_a_damaged_client_id_is_explained_on_pages(idp, path):
    answer = idp.get(path, client_id="undefined")
    assert refused(answer, 400) == (
        "No client has the `client_id` 'undefined'. It is the text 'undefined', so a variable of the "
        "client was empty."
    )


def test_a_client_id_in_header_and_body_must_be_the_same(idp):
    answer = idp.post("/oauth/token", headers=basic("web", "web-secret"), client_id="m2m")
    assert (
        refused(answer, 400)
        == "The `client_id` is 'm2m' in the body and 'web' in the Basic header."
    )
