"""The error page, consent, logout and form_post."""

import pytest


@pytest.fixture
def error(pages, parse):
    def error(**values):
        defaults = {
            "tenant_name": "Acme",
            "error": "invalid_request",
            "description": "Unknown client: nobody",
            "tracking_id": "4f1a0b",
            "status": 400,
        }
        return parse(pages.error(**defaults | values))

    return error


def test_the_error_page_has_the_parts_that_auth0s_has(error):
    parsed = error()
    assert "<title>Acme</title>" in parsed.html
    assert (
        '<h3 class="error-subtitle" aria-level="2">Oops!, something went wrong</h3>' in parsed.html
    )
    assert "TECHNICAL DETAILS" in parsed.text
    assert (
        '<p class="error-status"><strong>invalid_request</strong>: Unknown client: nobody</p>'
        in parsed.html
    )
    assert "TRACKING ID: 4f1a0b" in parsed.text
    assert "HTTP status 400" in parsed.text


def test_an_error_without_a_code_shows_only_its_description(error):
    parsed = error(error="", description="The URL is not defined.")
    assert '<p class="error-status">The URL is not defined.</p>' in parsed.html


def test_a_description_is_shown_completely(error):
    url = "http://localhost:3000/" + "x" * 2_000
    assert url in error(description=f"Callback URL mismatch. {url} is not allowed").text


def test_the_error_page_shows_the_hint_in_a_separate_part(error):
    parsed = error(hint="the code was used before")
    (hint,) = parsed.find(**{"data-testid": "mockidp-hint"})
    assert "the code was used before" in parsed.text_of(hint)
    assert "the code was used before" not in parsed.text.partition("TRACKING ID")[0]
    assert "Mockidp-Hint" in parsed.text


def test_the_error_page_offers_the_journal_and_a_command_that_repeats_the_request(error):
    parsed = error(curl="curl -i 'http://localhost/a?b=c'", journal_url="/_mockidp/journal/1")
    (link,) = parsed.find("a", **{"data-testid": "journal"})
    assert parsed.elements[link][1]["href"] == "/_mockidp/journal/1"
    (command,) = parsed.find(**{"data-testid": "curl"})
    assert parsed.text_of(command) == "curl -i 'http://localhost/a?b=c'"
    plain = error()
    assert plain.find("a") == []
    assert plain.find(**{"data-testid": "curl"}) == []


def test_an_error_page_without_a_hint_has_no_part_for_it(error):
    assert error().find(**{"data-testid": "mockidp-hint"}) == []


CONSENT = {
    "tenant_name": "Acme", "client_name": "Web", "state": "s", "action_url": "/c",
    "audience": None, "scopes": (), "details": (), "username": "",
}  # fmt: skip


def test_consent_is_accepted_or_declined(pages, parse):
    parsed = parse(
        pages.prompt(
            "consent",
            tenant_name="Acme",
            client_name="Acme Web",
            state="s",
            action_url="/u/consent?state=s",
            audience="https://api.acme.example/",
            scopes=["openid", "read:reports"],
            details=(),
            username="alice@acme.example",
        )
    )
    assert parsed.forms[0]["actions"] == ["accept", "deny"]
    assert parsed.forms[0]["form"]["action"] == "/u/consent?state=s"
    assert parsed.values(0) == {"state": "s"}
    for shown in (
        "Authorize App",
        "Hi alice@acme.example,",
        "Acme Web is requesting access to your Acme account.",
        "https://api.acme.example/",
        "openid",
        "read:reports",
    ):
        assert shown in parsed.text
    assert parsed.title == "Authorize Acme Web"


def test_the_consent_buttons_have_auth0s_attributes(pages, parse):
    html = pages.prompt("consent", **CONSENT)
    accept, decline = parse(html).all("button")
    assert (accept["type"], accept["name"], accept["value"]) == ("submit", "action", "accept")
    assert accept["data-action-button-primary"] == "true"
    assert decline["value"] == "deny"
    assert "data-action-button-primary" not in decline


def test_consent_without_audience_scopes_and_user_asks_for_the_account(pages, parse):
    html = pages.prompt("consent", **CONSENT)
    assert "Web is requesting access to your Acme account." in parse(html).text
    assert "Hi " not in parse(html).text
    assert "API" not in parse(html).text
    assert parse(html).all("ul") == []


def test_logging_out_is_confirmed_with_the_same_parameters(pages, parse):
    parameters = {"client_id": "web", "post_logout_redirect_uri": "http://a/?b=1&c=2", "state": ""}
    html = pages.prompt(
        "logout",
        tenant_name="Acme",
        client_name="Web",
        state="",
        action_url="/oidc/logout",
        username="",
        parameters=parameters,
    )
    parsed = parse(html)
    assert parsed.values(0) == parameters
    assert parsed.forms[0]["actions"] == ["accept", "deny"]
    assert parsed.forms[0]["form"]["action"] == "/oidc/logout"
    assert "Are you sure you want to log out from Web?" in parsed.text
    assert "Hi " not in parsed.text


def test_the_page_after_a_logout_says_so(pages, parse):
    parsed = parse(pages.result("logout-complete", tenant_name="Acme"))
    assert "You are logged out" in parsed.text
    assert parsed.forms == []


def test_form_post_submits_itself_and_has_a_button_without_scripts(pages, parse):
    uri = "http://localhost:3000/callback?a=1&b=2"
    parsed = parse(pages.form_post(redirect_uri=uri, parameters={"code": "c", "submit": "trap"}))
    assert parsed.forms[0]["form"]["action"] == uri
    assert parsed.values(0) == {"code": "c", "submit": "trap"}
    tags = [tag for tag, _ in parsed.elements]
    assert tags.index("noscript") < tags.index("button") < tags.index("script")
    assert "HTMLFormElement.prototype.submit.call(" in parsed.html
    assert {"name"} & set(parsed.all("button")[0]) == set()
