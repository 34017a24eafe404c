"""A mock that the app and the browser reach under two names."""

from urllib.parse import parse_qsl

import pytest

from helpers.acme import API, CALLBACK, with_settings
from helpers.tenant_client import TenantClient, bearer, claims_of, hint

DISCOVERY = "/.well-known/openid-configuration"
APP, BROWSER = "http://mockidp:9400", "http://localhost:9400"
FOR_BROWSERS = {"authorization_endpoint", "end_session_endpoint"}


def endpoints(document, origin):
    """Return the names of the endpoints at an origin."""
    return {name for name, value in document.items() if str(value).startswith(f"{origin}/")}


def both(**settings):
    """Return the tenant as an app and as a browser reach it."""
    app = TenantClient(with_settings(**settings), url=APP)
    return app, app.another_browser(BROWSER)


def ask_for_a_link(app):
    token = app.machine_token(client_id="global").json["access_token"]
    body = {
        "protocol": "oauth2",
        "impersonator_id": "auth0|bob",
        "client_id": "web",
        "additionalParameters": {"state": "s", "callback_url": CALLBACK},
    }
    path = "/users/auth0%7Calice/impersonate"
    return app.post(path, json_body=body, headers=bearer(token)).text


def open_link(browser, link):
    target = link.removeprefix(browser.url)
    raw = {"REQUEST_URI": target, "RAW_URI": target}
    return browser.request("GET", target, environ_overrides=raw)


# --- the browser's URL ---


@pytest.mark.parametrize("url", [BROWSER, f"{BROWSER}/", "https://idp.example:8443/sso"])
def test_a_browser_url_changes_only_the_urls_for_browsers(url):
    app, _ = both(browser_url=url)
    document = app.get(DISCOVERY).json
    assert document["issuer"] == f"{APP}/"
    assert endpoints(document, url.rstrip("/")) == FOR_BROWSERS
    assert endpoints(document, APP) == {
        "issuer", "token_endpoint", "device_authorization_endpoint", "userinfo_endpoint",
        "mfa_challenge_endpoint", "jwks_uri", "revocation_endpoint",
        "global_token_revocation_endpoint",
    }  # fmt: skip


def test_discovery_does_not_announce_iss_at_the_callback():
    app, browser = both(browser_url=BROWSER)
    assert "authorization_response_iss_parameter_supported" not in app.get(DISCOVERY).json
    assert set(browser.callback()) == {"code", "state"}


def test_iss_is_decided_where_the_code_is_redeemed():
    app, browser = both(browser_url=BROWSER)
    code = browser.callback(audience=API, scope="openid email")["code"]
    tokens = app.redeem(code).json
    assert claims_of(tokens["id_token"])["iss"] == f"{APP}/"
    assert claims_of(tokens["access_token"])["iss"] == f"{APP}/"
    assert claims_of(tokens["access_token"])["aud"] == [API, f"{APP}/userinfo"]
    for place in (app, browser):
        assert place.userinfo(tokens["access_token"]).json["email"] == "alice@acme.example"


def test_a_browser_at_its_own_url_reads_a_discovery_document_with_that_url():
    _, browser = both(browser_url=BROWSER)
    answer = browser.get(DISCOVERY)
    assert answer.json["issuer"] == f"{BROWSER}/"
    assert not hint(answer)


def test_the_browser_urls_host_is_allowed_and_a_userinfo_audience():
    app, _ = both(browser_url="https://login.acme.example/")
    browser = app.another_browser("https://login.acme.example")
    assert browser.get(DISCOVERY).status_code == 200
    sent = browser.callback(audience="https://login.acme.example/userinfo")
    assert app.redeem(sent["code"]).status_code == 200


def test_the_login_stays_at_the_origin_where_the_browser_is():
    app, _ = both(browser_url=BROWSER)
    redirect = app.authorize()
    assert redirect.location.startswith("/u/login?")
    assert f'action="{redirect.location}"' in app.get(redirect.location).text


# --- links ---


@pytest.mark.parametrize(
    ("settings", "made_for"),
    [
        ({}, APP),
        ({"issuer": f"{BROWSER}/"}, BROWSER),
        ({"browser_url": f"{BROWSER}/"}, BROWSER),
        ({"issuer": "http://other.test/", "browser_url": BROWSER}, BROWSER),
    ],
)
def test_a_link_is_made_for_the_url_where_it_will_be_opened(settings, made_for):
    app, _ = both(**settings)
    link = ask_for_a_link(app)
    assert link.startswith(f"{made_for}/users/auth0%7Calice/impersonate?&bewit=")
    opened = open_link(app.another_browser(made_for), link)
    sent = dict(parse_qsl(opened.location.removeprefix(f"{CALLBACK}?")))
    tokens = app.redeem(sent["code"]).json
    assert claims_of(tokens["id_token"])["sub"] == "auth0|alice"


def test_a_link_that_is_opened_under_another_name_is_a_bad_mac_whose_hint_names_the_setting():
    app, browser = both()
    answer = open_link(browser, ask_for_a_link(app).replace(APP, BROWSER))
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert hint(answer) == (
        f"The link was made for {APP} but opened at {BROWSER}: the host differs. Request the link at "
        "the URL where it will be opened, or set `browser_url` (MOCKIDP_BROWSER_URL) to that URL."
    )


# --- a pinned issuer ---


def test_a_pinned_issuer_does_not_move_the_endpoints():
    app, browser = both(issuer=BROWSER)
    document = app.get(DISCOVERY).json
    assert document["issuer"] == f"{BROWSER}/"
    assert endpoints(document, BROWSER) == {"issuer", *FOR_BROWSERS}
    assert document["token_endpoint"] == f"{APP}/oauth/token"
    token = app.redeem(browser.callback()["code"]).json["id_token"]
    assert claims_of(token)["iss"] == f"{BROWSER}/"


def test_a_browser_url_takes_precedence_over_a_pinned_issuer():
    app, _ = both(issuer="http://issuer.test/", browser_url=BROWSER)
    document = app.get(DISCOVERY).json
    assert document["issuer"] == "http://issuer.test/"
    assert endpoints(document, BROWSER) == FOR_BROWSERS


def get_id_token(browser):
    """Return the ID token that /authorize sends, and the hint."""
    answer = browser.follow(
        browser.authorize(response_type="id_token", nonce="n", client_id="hybrid")
    )
    if answer.location.startswith("/u/login"):
        answer = browser.log_in(answer.location)
    sent = dict(parse_qsl(answer.location.partition("#")[2]))
    return sent["id_token"], hint(answer)


def test_an_id_token_from_authorize_has_the_browsers_issuer_and_one_hint():
    app, browser = both(browser_url=BROWSER)
    assert app.get(DISCOVERY).json["issuer"] == f"{APP}/"
    token, hints = get_id_token(browser)
    assert claims_of(token)["iss"] == f"{BROWSER}/"
    assert hints == (
        f"The `iss` of the ID token is {BROWSER}/, where the browser got it. An app that reads "
        "discovery at another URL refuses it. Let the app use response_type=code, or also set "
        "MOCKIDP_ISSUER (`issuer`) to the URL at which the app reads discovery."
    )
    assert get_id_token(browser)[1] == ""


@pytest.mark.parametrize(
    ("settings", "place", "iss"),
    [
        ({"issuer": APP, "browser_url": BROWSER}, BROWSER, APP),
        ({"browser_url": BROWSER}, APP, APP),
        ({}, BROWSER, BROWSER),
    ],
)
def test_an_id_token_from_authorize_with_the_apps_issuer_has_no_hint(settings, place, iss):
    app, _ = both(**settings)
    token, hints = get_id_token(app.another_browser(place))
    assert (claims_of(token)["iss"], hints) == (f"{iss}/", "")


def test_a_mismatch_is_reported_once_for_each_pair():
    app, browser = both(issuer=f"{BROWSER}/")
    hints = [hint(place.get(DISCOVERY)) for place in (app, app, browser)]
    assert hints[0] == (
        f"Discovery was read at {APP}/, but the issuer is {BROWSER}/: strict clients refuse that. Set "
        f"MOCKIDP_BROWSER_URL={BROWSER}/ (browser_url) instead of MOCKIDP_ISSUER (issuer), or let "
        "the client read it at the issuer's URL."
    )
    assert hints[1:] == ["", ""]
    assert APP.replace("mockidp", "idp") in hint(
        app.another_browser("http://idp:9400").get(DISCOVERY)
    )


def test_the_number_of_reported_mismatches_is_limited():
    app, _ = both(issuer=BROWSER)
    names = [f"http://n{number}.localhost" for number in range(101)]
    hints = [bool(hint(app.another_browser(name).get(DISCOVERY))) for name in names]
    assert hints == [True] * 100 + [False]
