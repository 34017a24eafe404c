"""The page of the settings: each with its value, default and description, and editable."""

import pytest

from helpers.console_browser import ConsoleBrowser
from helpers.html_page import Page
from mockidp.cli.serving.example import example_file
from mockidp.tenant.config.load import load_tenant
from mockidp.tenant.content.overrides import setting_names


@pytest.fixture
def console():
    """The example tenant. Only a valid tenant can be changed."""
    return ConsoleBrowser(load_tenant(example_file("acme")))


def fields(console):
    """Return the fields of all forms of the page, by name."""
    return {name: one for form in console.page.forms for name, one in form["fields"].items()}


def test_it_has_every_setting_of_the_mock(console):
    console.open("/settings")
    assert {f"mockidp.{name}" for name in setting_names()} <= set(fields(console))
    assert {"mockidp.claims", "mockidp.faults", "tenant.session_lifetime"} <= set(fields(console))
    assert {"tenant.flags.disable_impersonation", "prompts.identifier_first"} <= set(
        fields(console)
    )


def test_it_explains_a_setting_and_its_default(console):
    text = console.open("/settings").text
    assert "Seconds until a link expires, unless the request has its own ttl. Default: 120." in (
        text.replace("`", "")
    )
    assert "The languages of the hosted pages. The first is the default." in text


@pytest.mark.parametrize(
    ("group", "name", "sent", "read"),
    [
        (
            "mockidp.impersonation",
            "mockidp.impersonation.honour_audience",
            "true",
            lambda one: one.mockidp.impersonation.honour_audience is True,
        ),
        (
            "mockidp.impersonation",
            "mockidp.impersonation.require_state",
            "false",
            lambda one: one.mockidp.impersonation.require_state is False,
        ),
        (
            "mockidp.impersonation",
            "mockidp.impersonation.enabled",
            "false",
            lambda one: one.mockidp.impersonation.enabled is False,
        ),
        (
            "tenant.flags",
            "tenant.flags.disable_impersonation",
            "true",
            lambda one: one.tenant.flags.disable_impersonation,
        ),
        ("mockidp", "mockidp.login_lifetime", "60", lambda one: one.mockidp.login_lifetime == 60),
        (
            "mockidp",
            "mockidp.mfa_audiences",
            "https://api.acme.example/\r\n",
            lambda one: one.mockidp.mfa_audiences == ("https://api.acme.example/",),
        ),
        ("tenant", "tenant.friendly_name", "Apex", lambda one: one.tenant.friendly_name == "Apex"),
        (
            "prompts",
            "prompts.identifier_first",
            "true",
            lambda one: one.prompts.identifier_first,
        ),
        (
            "guardianPolicies",
            "guardianPolicies.policies",
            "all-applications",
            lambda one: one.guardian_policies.policies == ("all-applications",),
        ),
    ],
)
def test_a_setting_is_changed_and_marked(console, group, name, sent, read):
    console.open("/settings")
    assert not read(console.tenant.directory.configuration)
    console.follow_change(f"/settings/{group}", **{name: sent})
    assert read(console.tenant.directory.configuration)
    assert f"{name}changed" in console.page.text.replace(" ", "")


def test_a_change_keeps_everything_else(console):
    before = console.tenant.document
    console.open("/settings")
    console.follow_change("/settings/mockidp.impersonation", **{"mockidp.impersonation.ttl": "60"})
    after = console.tenant.document
    assert after.tenant == before.tenant
    assert after.records == before.records


def test_a_cleared_field_restores_the_default(console):
    ttl = {"mockidp.impersonation.ttl": "60"}
    console.open("/settings")
    console.follow_change("/settings/mockidp.impersonation", **ttl)
    console.follow_change("/settings/mockidp.impersonation", **{"mockidp.impersonation.ttl": ""})
    assert console.tenant.settings.impersonation.ttl == 120


def test_a_form_that_changes_nothing_changes_nothing(console):
    before = console.tenant.document
    console.open("/settings")
    for group in ("mockidp", "tenant", "tenant.flags", "attackProtection"):
        console.follow_change(f"/settings/{group}")
    assert console.tenant.document == before


def test_a_setting_that_was_changed_since_the_form_was_opened_is_kept(console):
    ttl, path = "mockidp.impersonation.ttl", "/settings/mockidp.impersonation"
    opened = console.open("/settings")
    console.follow_change(path, **{ttl: "60"})
    console.page = opened
    refused = console.send(path, **{ttl: "90"})
    assert refused.status_code == 409
    assert "Somebody has saved 60" in Page(refused.text).text
    assert console.tenant.settings.impersonation.ttl == 60


def test_the_key_of_links_is_never_shown(console):
    key = "k" * 32
    console.open("/settings")
    console.follow_change("/settings/mockidp.impersonation", **{"mockidp.impersonation.key": key})
    assert console.tenant.settings.impersonation.key == key
    assert key not in console.get("/_mockidp/settings").text
    console.follow_change("/settings/mockidp.impersonation")
    assert console.tenant.settings.impersonation.key == key


@pytest.mark.parametrize(
    ("group", "sent", "messages"),
    [
        (
            "mockidp.impersonation",
            {"mockidp.impersonation.ttl": "soon"},
            ["Send a number.", "Nothing was saved. See the fields."],
        ),
        (
            "mockidp.impersonation",
            {"mockidp.impersonation.ttl": "-1"},
            ["Found the number -1, expected a number from 1 to", "Nothing was saved."],
        ),
        ("mockidp", {"mockidp.claims": '[{"name": 1}]'}, ["Nothing was saved."]),
        ("tenant", {"tenant.default_audience": "urn:unknown"}, ["urn:unknown"]),
    ],
)
def test_mistakes_are_shown_at_their_fields(console, group, sent, messages):
    before = console.tenant.document
    console.open("/settings")
    refused = console.send(f"/settings/{group}", **sent)
    assert refused.status_code == 400
    page = Page(refused.text)
    for message in messages:
        assert message in page.text
    assert console.tenant.document == before


def test_a_mistake_outside_the_group_is_a_sentence(console):
    """The tenant names a connection that a setting would make invalid."""
    console.open("/settings")
    refused = console.send("/settings/mockidp", **{"mockidp.issuer": "no url"})
    assert refused.status_code == 400
    assert "no url" in refused.text


def test_other_groups_do_not_exist(console):
    token = console.open("/settings").values(0)["form_token"]
    refused = console.post("/_mockidp/settings/none", form_token=token)
    assert refused.status_code == 404
    assert "There are no settings 'none'." in Page(refused.text).text
