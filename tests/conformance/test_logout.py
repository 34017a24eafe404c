"""/v2/logout and /oidc/logout: the end of the session, and the allowed redirects."""

import html
import re

import pytest

from helpers.acme import ACME, with_client, with_tenant
from helpers.logout import end, is_logged_in, shown
from helpers.tenant_client import Fields, TenantClient, hint

BYE = "http://localhost:3000/bye"
TENANT_BYE = "http://localhost:3000/tenant-bye"


def refused(parameter, url):
    return (
        f'The "{parameter}" querystring parameter "{url}" is not defined as a valid URL in '
        '"Allowed Logout URLs".'
    )


# --- /v2/logout ---


@pytest.mark.parametrize(
    ("parameters", "location"),
    [
        ({"client_id": "web", "returnTo": BYE}, BYE),
        ({"client_id": "web", "returnTo": BYE + "?a=b#c"}, BYE + "?a=b#c"),
        ({"client_id": "web"}, BYE),
        ({"returnTo": TENANT_BYE}, TENANT_BYE),
        ({}, TENANT_BYE),
        ({"federated": ""}, TENANT_BYE),
    ],
)
def test_auth0_logout__the_browser_goes_to_an_allowed_url(idp, parameters, location):
    idp.callback()
    answer = idp.get("/v2/logout", **parameters)
    assert answer.status_code == 302
    assert answer.location == location
    assert answer.text == f"Found. Redirecting to {location}"
    assert not is_logged_in(idp)


@pytest.mark.parametrize("path", ["/v2/logout", "/oidc/logout"])
@pytest.mark.parametrize("value", ["", "true"])
def test_auth0_logout__a_hint_says_that_federated_has_no_effect(idp, path, value):
    assert hint(idp.get(path, federated=value)) == (
        "Parameter `federated` was ignored. Auth0 also logs the user out of the identity provider "
        "of the connection, but mockidp has no identity providers."
    )
    assert "federated" not in hint(idp.get(path, client_id="web"))


def test_auth0_logout__without_a_url_the_answer_is_ok():
    idp = TenantClient(with_tenant(allowed_logout_urls=()))
    idp.callback()
    answer = idp.get("/v2/logout")
    assert (answer.status_code, answer.text) == (200, "OK")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert not is_logged_in(idp)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000/BYE",
        "http://localhost:3000/bye/",
        "http://localhost:3001/bye",
        "http://evil.example/?http://localhost:3000/bye",
        TENANT_BYE,
        BYE + "\t",
        BYE + "\r\nX-Injected: 1",
        "http://local\nhost:3000/bye",
        " " + BYE,
        "http://[",
        "//localhost:3000/bye",
    ],
)
def test_auth0_logout__another_url_is_refused_on_a_page_and_the_session_stays(idp, url):
    idp.callback()
    answer = idp.get("/v2/logout", client_id="web", returnTo=url)
    assert shown(answer) == refused("returnTo", url)
    assert "`allowed_logout_urls` of client web" in hint(answer)
    assert is_logged_in(idp)


def test_auth0_logout__without_client_id_the_tenants_list_applies(idp):
    answer = idp.get("/v2/logout", returnTo=BYE)
    assert shown(answer) == refused("returnTo", BYE)
    assert "`tenant.allowed_logout_urls` (no client_id was sent)" in hint(answer)


def test_auth0_logout__an_unknown_client_is_refused(idp):
    answer = idp.get("/v2/logout", client_id="nobody")
    assert shown(answer) == "invalid_request: Unknown client: nobody"


@pytest.mark.parametrize("query", ["\r\nX-Injected: 1", '"<>\\^`{|}', "ü 山"])
def test_auth0_logout__the_location_is_one_line_with_any_query(idp, query):
    answer = idp.get("/v2/logout", client_id="web", returnTo=f"{BYE}?{query}")
    assert answer.status_code == 302
    assert "X-Injected" not in answer.headers
    assert re.fullmatch(r"[\x21-\x7e]+", answer.headers["Location"])


def test_auth0_logout__a_wildcard_matches_one_subdomain():
    idp = TenantClient(with_client(ACME, "web", allowed_logout_urls=("https://*.app.example/bye",)))
    url = "https://a.app.example/bye?x=1"
    assert idp.get("/v2/logout", client_id="web", returnTo=url).location == url
    for other in ("https://a.b.app.example/bye", "https://app.example/bye"):
        assert shown(idp.get("/v2/logout", client_id="web", returnTo=other))


def test_auth0_logout__the_cookie_is_deleted(idp):
    idp.callback()
    cookie = idp.get("/v2/logout").headers["Set-Cookie"]
    assert cookie.startswith("auth0-http=;")
    assert "Max-Age=0" in cookie
    secure = TenantClient(url="https://localhost:9443")
    secure.callback()
    cookie = secure.get("/v2/logout").headers["Set-Cookie"]
    assert cookie.startswith("auth0=;")
    assert {"Secure", "HttpOnly", "SameSite=None"} <= set(cookie.split("; "))


def test_auth0_logout__without_a_session_it_works_the_same(idp):
    assert idp.get("/v2/logout").location == TENANT_BYE


# --- /oidc/logout ---


def shown_text(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]*>", "", answer.text)))


def test_oidc_rpinitiated_2__with_an_id_token_the_session_ends_immediately(idp):
    id_token = idp.tokens()["id_token"]
    answer = end(idp, id_token_hint=id_token, post_logout_redirect_uri=BYE, state="a b")
    assert answer.status_code == 302
    assert answer.location == f"{BYE}?state=a%20b"
    assert not is_logged_in(idp)


def test_oidc_rpinitiated_2__an_expired_id_token_is_accepted(idp):
    id_token = idp.tokens()["id_token"]
    idp.later(10**6)
    assert end(idp, id_token_hint=id_token, post_logout_redirect_uri=BYE).location == BYE


def test_oidc_rpinitiated_2__an_hs256_id_token_is_accepted(idp):
    id_token = idp.tokens(client_id="hs256")["id_token"]
    assert end(idp, id_token_hint=id_token, post_logout_redirect_uri=BYE).location == BYE


def test_oidc_rpinitiated_2__without_a_uri_a_page_confirms_the_logout(idp):
    answer = end(idp, id_token_hint=idp.tokens()["id_token"])
    assert answer.status_code == 200
    assert "You are logged out" in answer.text
    assert not is_logged_in(idp)


def test_auth0_logout__without_a_hint_the_user_has_to_confirm(idp):
    idp.callback()
    parameters = {"client_id": "web", "post_logout_redirect_uri": BYE, "state": '"x'}
    page = end(idp, **parameters)
    assert page.status_code == 200
    assert is_logged_in(idp)
    form = Fields(page.text)
    assert form.action == "/oidc/logout"
    assert form.values == parameters
    answer = idp.post("/oidc/logout", action="accept", **form.values)
    assert answer.location == f"{BYE}?state=%22x"
    assert not is_logged_in(idp)


def test_auth0_logout__declining_keeps_the_session(idp):
    idp.callback()
    answer = idp.post("/oidc/logout", action="deny", client_id="web", post_logout_redirect_uri=BYE)
    assert (answer.status_code, answer.location) == (200, None)
    assert "You are still logged in" in answer.text
    assert is_logged_in(idp)


def test_auth0_logout__a_get_never_confirms(idp):
    idp.callback()
    assert end(idp, client_id="web", action="accept").status_code == 200
    assert is_logged_in(idp)


def test_auth0_logout__the_page_names_the_application_and_the_user(idp):
    idp.callback()
    assert "from web?" in shown_text(end(idp, client_id="web"))
    assert "Hi auth0|alice," in shown_text(end(idp)).replace("alice@acme.example", "auth0|alice")


def test_auth0_logout__ui_locales_selects_the_language_of_its_pages():
    idp = TenantClient(with_tenant(enabled_locales=("en", "de")))
    idp.callback()
    asked = end(idp, ui_locales="de")
    assert "wirklich" in shown_text(asked)
    assert 'lang="de"' in asked.text
    stay = idp.post("/oidc/logout", action="deny", ui_locales="de")
    assert "Sie sind noch angemeldet" in stay.text
    assert "Sie sind abgemeldet" in idp.post("/oidc/logout", action="accept", ui_locales="de").text


def test_auth0_logout__a_language_that_is_not_enabled_is_named_in_a_hint(idp):
    answer = end(idp, ui_locales="nl de")
    assert "`ui_locales` begins with 'nl', which the tenant has not enabled" in hint(answer)


def test_auth0_logout__a_client_without_url_and_hint_sends_the_browser_to_its_first_url(idp):
    assert end(idp, client_id="web", state="s").location == BYE


def test_auth0_logout__without_a_session_no_confirmation_is_needed(idp):
    answer = end(idp, client_id="web", post_logout_redirect_uri=BYE)
    assert answer.location == BYE


def test_oidc_rpinitiated_2__it_may_be_posted(idp):
    body = {"id_token_hint": idp.tokens()["id_token"], "post_logout_redirect_uri": BYE}
    assert idp.post("/oidc/logout", **body).location == BYE


@pytest.mark.parametrize("uri", [BYE + "?a=b", BYE + "#x", BYE + "/", "http://["])
def test_auth0_logout__the_whole_post_logout_redirect_uri_is_compared(idp, uri):
    answer = end(idp, client_id="web", post_logout_redirect_uri=uri)
    assert shown(answer) == refused("post_logout_redirect_uri", uri)
    assert hint(answer)


@pytest.mark.parametrize("registered", [BYE + "?a=b", BYE + "#top"])
def test_oidc_rpinitiated_3__state_is_added_to_the_existing_query(registered):
    idp = TenantClient(with_client(ACME, "web", allowed_logout_urls=(registered,)))
    answer = end(idp, client_id="web", post_logout_redirect_uri=registered, state="s")
    assert answer.location in {f"{BYE}?a=b&state=s", f"{BYE}?state=s#top"}


def test_auth0_logout__without_client_or_hint_the_tenants_list_applies(idp):
    assert end(idp, post_logout_redirect_uri=TENANT_BYE).location == TENANT_BYE
