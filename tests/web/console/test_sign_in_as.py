"""Sign in as User: when the button shows, and the links that it makes."""

from dataclasses import replace

import pytest
from werkzeug.test import Client

from helpers.acme import ACME, with_settings
from helpers.console_browser import ConsoleBrowser
from mockidp.tenant.content.settings import ImpersonationSettings

URL = "http://localhost:9400"
USER = "/users/auth0%7Calice"
ACTION = "/sign-in-as/users/auth0%7Calice"


def make(console, status=200, **fields):
    console.open(USER)
    answer = console.send(ACTION, **{"client_id": "web"} | fields)
    assert answer.status_code == status, answer.text
    console.page = type(console.page)(answer.text)
    return console


def opened(console):
    [link] = console.text("impersonation-link")
    return Client(console.app).get(link.removeprefix(URL), base_url=URL)


def with_impersonation(**changes):
    return ConsoleBrowser(with_settings(impersonation=ImpersonationSettings(**changes)))


def test_the_button_shows_if_all_three_conditions_are_true(console):
    console.open(USER)
    assert console.text("sign-in-as-user") == ["Sign in as User"]
    assert console.text("sign-in-as-hidden") == []
    assert console.text("conditions")[0].count("passed") == 3


@pytest.mark.parametrize(
    ("document", "failed", "advice"),
    [
        (
            with_settings(impersonation=ImpersonationSettings(enabled=False)),
            "failed Impersonation is enabled for the tenant",
            "Set the setting `impersonation.enabled` to true.",
        ),
        (
            replace(
                ACME,
                tenant=replace(
                    ACME.tenant, flags=replace(ACME.tenant.flags, disable_impersonation=True)
                ),
            ),
            "failed Impersonation is enabled for the tenant",
            "Set the flag `tenant.flags.disable_impersonation` to false.",
        ),
        (
            replace(ACME, clients=tuple(replace(one, callbacks=()) for one in ACME.clients)),
            "failed An application has a callback URL",
            "Add a callback to an application.",
        ),
        (
            replace(
                ACME,
                databases=tuple(
                    replace(one, enabled_clients=(), is_domain_connection=False)
                    for one in ACME.databases
                ),
            ),
            "failed It has the user's connection enabled",
            "Enable connection Username-Password-Authentication for an application with a callback.",
        ),
    ],
    ids=["setting", "flag", "callback", "connection"],
)
def test_the_page_says_which_condition_hides_the_button(document, failed, advice):
    console = ConsoleBrowser(document)
    page = console.open(USER)
    assert console.text("sign-in-as-user") == []
    assert not page.find("dialog", id="sign-in-as")
    assert failed in console.text("conditions")[0]
    assert advice in console.text("sign-in-as-hidden")[0]


def test_by_default_the_state_is_empty_and_there_is_no_audience(console):
    console.open(USER)
    values = console.page.values(0)
    assert (values["state"], values["scope"]) == ("", "openid")
    assert "audience" not in values
    assert "the access token is opaque" in console.text("no-audience")[0]
    assert "The state is empty." in console.text("empty-state-warning")[0]
    assert opened(make(console)).json["error_description"] == "Impersonation - Bad mac"


def test_a_link_with_a_state_logs_in_to_the_application(console):
    make(console, state="/admin")
    landed = opened(console)
    assert landed.location.startswith("http://localhost:3000/callback?code=")
    assert "state=%2Fadmin" in landed.location
    console.open(USER)
    assert "used at" in console.text("links")[0]


def test_the_links_of_the_user_are_listed_with_their_fate(console):
    make(console, state="first")
    assert "valid until" in console.text("links")[0]
    console.later(3600)
    console.open(USER)
    assert "expired at" in console.text("links")[0]
    assert "state first" in console.text("links")[0]


def test_mode_type_and_scope_reach_the_application(console):
    make(console, state="s1", response_mode="post", scope="openid email")
    assert 'action="http://localhost:3000/callback"' in opened(console).text
    make(console, state="s1", response_type="token", scope="openid email")
    fragment = opened(console).location.partition("#")[2]
    assert "access_token=" in fragment
    assert "scope=openid%20email" in fragment.replace("+", "%20")


def test_a_single_page_application_always_gets_a_token_by_get():
    clients = (replace(one, app_type="spa") for one in ACME.clients if one.client_id == "spa")
    console = ConsoleBrowser(replace(ACME, clients=tuple(clients), client_grants=()))
    make(console, client_id="spa", state="s1", response_mode="post", response_type="code")
    assert "#access_token=" in opened(console).location


def test_a_callback_of_another_application_is_refused(console):
    make(console, status=400, client_id="spa", callback_url="http://localhost:1/none")
    assert "http://localhost:1/none" in console.text("problem")[0]
    assert console.text("impersonation-link") == []


def test_without_the_requirement_nothing_warns_about_the_state():
    console = with_impersonation(require_state=False)
    console.open(USER)
    assert console.text("empty-state-warning") == []
    assert opened(make(console)).status_code == 302


def test_a_tenant_whose_links_have_audiences_offers_one():
    console = with_impersonation(honour_audience=True)
    console.open(USER)
    assert console.text("no-audience") == []
    make(console, state="s1", response_type="token", audience="https://api.example/")
    token = opened(console).location.partition("access_token=")[2].partition("&")[0]
    assert token.count(".") == 2


def test_an_unknown_user_has_no_links(console):
    console.open(USER)
    refused = console.post(
        "/_mockidp/sign-in-as/users/nobody", form_token=console.page.values(0)["form_token"]
    )
    assert refused.status_code == 404
