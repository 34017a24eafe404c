"""Origins, placeholders and script URLs in lists of URLs."""

import pytest

from mockidp.protocol.urls.rules import (
    CALLBACKS,
    LOGOUT_URLS,
    LOGOUT_URLS_WITH_QUERY,
    ORIGINS,
    first_url,
    is_listed,
    is_well_placed,
    matches_origin,
)

ALL_RULES = (CALLBACKS, LOGOUT_URLS, LOGOUT_URLS_WITH_QUERY, ORIGINS)
REGISTERED = "https://app.example/cb"


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://app.example.com", True),
        ("https://APP.example.com", True),
        ("https://app.example.com:443", True),
        ("https://app.example.com:8443", False),
        ("http://app.example.com", False),
        ("https://app.example.com/", False),
        ("https://app.example.com/path", False),
        ("https://app.example.com?", False),
        ("https://user@app.example.com", False),
        ("https://app.example.com, https://app.example.com", False),
        ("null", False),
        ("https://", False),
        ("", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(origin, expected):
    for entry in (
        "https://app.example.com",
        "https://app.example.com/",
        "https://App.example.com/a?b",
    ):
        assert matches_origin(origin, [entry]) is expected


def test_file_origins_need_an_explicit_entry():
    for entry in ("file://*", "file://"):
        assert matches_origin("file://", [entry])
        assert not matches_origin("file://host", [entry])
        assert not matches_origin("null", [entry])
    assert not matches_origin("file://", ["https://app.example.com", "file:///app/index.html"])
    assert not is_listed("file://host", ["file://*"], CALLBACKS)


@pytest.mark.parametrize(
    "origin", ["capacitor://localhost", "ionic://localhost", "http://localhost"]
)
def test_the_origins_of_mobile_apps_match_themselves(origin):
    assert matches_origin(origin, [origin])
    assert not matches_origin(
        origin, ["https://localhost", "http://localhost:8100", "app://localhost"]
    )


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("https://app.example.com/cb", True),
        ("com.app:/cb", True),
        ("https://*.example.com", True),
        ("http://app-*-team.example.com:3000/cb?x=1", True),
        ("https://{organization_name}.example.com/cb", True),
        ("https://app-{organization_name}.example.com/cb", False),
        ("https://{organization_name}-app.example.com/cb", False),
        ("https://example.com/{organization_name}", False),
        ("https://{organization_name}", False),
        ("https://sub.{organization_name}.example.com", False),
        ("com.app://{organization_name}.example.com", False),
        ("https://{custom_domain.metadata.public_app}.example.com/login", True),
        ("https://{custom_domain.metadata.public_app}/login", True),
        ("https://app.{custom_domain.metadata.public_app}:3000/login", True),
        ("https://{organization_name}.{custom_domain.metadata.public_app}/cb", True),
        ("https://*.{custom_domain.metadata.public_app}/cb", False),
        ("https://{custom_domain.metadata.a}.{custom_domain.metadata.b}/cb", False),
        ("https://example.com/{custom_domain.metadata.public_path}", False),
        ("com.app://{custom_domain.metadata.public_app}/cb", False),
        ("https://{custom_domain.metadata.a.b}.example.com/cb", True),
        ("https://*.localhost:3000", False),
        ("https://*.com", False),
        ("https://*.com/a.b", False),
        ("https://*", False),
        ("https://*..com", False),
        ("https://sub.*.example.com", False),
        ("https://*.*.example.com", False),
        ("https://a*b*c.example.com", False),
        ("https://*.{organization_name}.example.com", False),
        ("https://{organization_name}-*.example.com", False),
        ("com.app://*.example.com/cb", False),
        ("*://app.example.com/cb", False),
        ("https://app.example.com:*/cb", False),
        ("https://app.example.com/*", False),
        ("https://app.example.com/cb?x=*", False),
        ("https://app.example.com/cb#*", False),
        ("https://*.example.com/*", False),
        ("https://*@app.example.com/", False),
        ("https:/*.example.com", False),
        ("*", False),
    ],
)
def test_a_placeholder_is_allowed_in_the_first_label_only(entry, expected):
    assert is_well_placed(entry) is expected


def test_an_entry_with_a_placeholder_is_never_a_redirect_target():
    patterns = ["https://*.example.com", "https://{organization_name}.example.com"]
    assert first_url([*patterns, REGISTERED]) == REGISTERED
    assert first_url(patterns) is None
    assert first_url([]) is None


SCRIPTS = (
    "javascript:/x/;alert(1)", "JavaScript:/x", "java\nscript:/x", " javascript:/x", "\x01data:/x",
    "data:text/html,x", "vbscript:/x",
)  # fmt: skip


@pytest.mark.parametrize("rule", ALL_RULES)
@pytest.mark.parametrize("url", SCRIPTS)
def test_script_urls_match_nothing_and_are_never_the_default(url, rule):
    assert not is_listed(url, [url], rule)
    assert first_url([url, REGISTERED]) == REGISTERED


@pytest.mark.parametrize("url", ["javascripts:/x", "my.data:/x", "http://javascript:80/x"])
def test_a_scheme_that_only_resembles_one_of_a_script_is_accepted(url):
    assert is_listed(url, [url], CALLBACKS)
