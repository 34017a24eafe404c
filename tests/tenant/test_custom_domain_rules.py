"""Custom domains in a tenant file: their fields, and what contradicts them."""

import re
from pathlib import Path

import pytest

from mockidp import MockIdP
from mockidp.cli.serving.options import ServeOptions
from mockidp.cli.serving.start import override
from mockidp.codec.mistakes import ConfigError
from mockidp.resources.custom_domain import CUSTOM_DOMAIN
from mockidp.tenant.config.load import parse_tenant

READY = "{domain: login.acme.example}"
PENDING = "{domain: soon.acme.example, status: pending_verification}"
DEFAULT = "{domain: login.acme.example, is_default: true}"


def tenant(*domains, **settings):
    lines = [f"  {name}: {value}" for name, value in settings.items()]
    listed = [f"  - {one}" for one in domains]
    return "\n".join(["customDomains:", *listed, *(["mockidp:", *lines] if lines else [])])


def options(environment):
    return ServeOptions(listen="127.0.0.1:0", data_dir=Path("unused"), environment=environment)


def mistakes_in(text):
    with pytest.raises(ConfigError) as caught:
        parse_tenant(text, source="t.yaml")
    return str(caught.value)


def test_a_record_of_auth0_is_read_and_written():
    document = parse_tenant(
        tenant(
            "{custom_domain_id: cd_1234567890123456, domain: login.acme.example, primary: true, "
            "is_default: true, status: ready, type: self_managed_certs, tls_policy: compatible, "
            "domain_metadata: {public_app: app.acme.example}, verification: {methods: []}}"
        )
    )
    (found,) = document.custom_domains
    assert (found.id, found.domain) == ("cd_1234567890123456", "login.acme.example")
    assert (found.is_default, found.type, found.tls_policy) == (
        True, "self_managed_certs", "compatible",
    )  # fmt: skip
    assert found.domain_metadata == {"public_app": "app.acme.example"}
    assert document.differs == ()


def test_a_domain_gets_an_id_and_is_ready():
    idp = MockIdP({"customDomains": [{"domain": "login.acme.example"}]})
    found = idp.get_custom_domain("login.acme.example")
    assert found.is_ready
    assert re.fullmatch("cd_[A-Za-z0-9]{16}", found.id)


@pytest.mark.parametrize(
    "domain",
    ["localhost", "acme", "127.0.0.1", "::1", "Login.acme.example", "login.acme.example:9400",
     "https://login.acme.example", "login_a.example", "a..example", "-a.example", "''",
     f"{'a' * 64}.example"],
)  # fmt: skip
def test_a_domain_is_a_host_name_with_a_dot(domain):
    assert "expected a host name in lower case with a dot" in mistakes_in(
        tenant(f"{{domain: '{domain.strip(chr(39))}'}}")
    )


def test_a_domain_is_not_one_of_auth0():
    text = mistakes_in(tenant("{domain: acme.eu.auth0.com}"))
    assert "expected a host outside auth0.com" in text


def test_metadata_are_texts():
    text = mistakes_in(tenant("{domain: a.example, domain_metadata: {x: 1}}"))
    assert "expected strings as values, unlike the value of x" in text


def test_a_domain_occurs_once():
    assert "'login.acme.example' again" in mistakes_in(tenant(READY, READY))


def test_at_most_one_domain_is_the_default():
    text = mistakes_in(tenant(DEFAULT, "{domain: b.example, is_default: true}"))
    assert text == (
        "t.yaml:3: customDomains[1].is_default: found true, as for login.acme.example, expected at "
        "most one default custom domain"
    )


@pytest.mark.parametrize("name", ["issuer", "browser_url"])
def test_settings_do_not_name_a_domain_that_is_not_ready(name):
    text = mistakes_in(tenant(PENDING, **{name: "http://soon.acme.example/"}))
    assert text.startswith(
        f"t.yaml:4: mockidp.{name}: found the custom domain soon.acme.example, whose status is "
        "pending_verification, expected a domain at which the tenant answers"
    )


def test_a_browser_url_is_not_at_a_custom_domain_alone():
    text = mistakes_in(tenant(READY, browser_url="http://login.acme.example:9400"))
    assert text.startswith(
        "t.yaml:4: mockidp.browser_url: found the custom domain login.acme.example, which has its "
        "own issuer, expected `issuer` at login.acme.example as well, or no browser_url"
    )


def test_issuer_and_browser_url_may_be_at_one_custom_domain():
    url = "http://login.acme.example:9400/"
    assert parse_tenant(tenant(READY, issuer=url, browser_url=url)).mockidp.issuer == url


def test_overridden_settings_are_checked():
    document = parse_tenant(tenant(READY))
    wrong = {"browser_url": "http://login.acme.example"}
    with pytest.raises(
        ConfigError, match=r"browser_url: found the custom domain login.acme.exampl"
    ):
        MockIdP(document, settings=wrong)
    with pytest.raises(ConfigError, match=r"settings of the command line .*: browser_url: found"):
        override(options(wrong), document)
    right = {"issuer": "http://a.test/"}
    assert override(options(right), document).mockidp.issuer == right["issuer"]


def test_a_domain_that_is_added_is_checked_against_the_settings():
    idp = MockIdP(settings={"browser_url": "http://login.acme.example:9400"})
    with pytest.raises(ConfigError, match=r"with `browser_url` at the custom domain login.acme"):
        idp.add_custom_domain("login.acme.example")
    idp.add_custom_domain("b.example", is_default=True)
    with pytest.raises(ConfigError, match=r"found true, as for b.example"):
        idp.add_custom_domain("c.example", is_default=True)
    assert idp.patch_custom_domain("b.example", is_default=True, status="disabled").is_default


def test_a_domain_keeps_its_id_when_it_is_added_again():
    idp = MockIdP()
    first = idp.add_custom_domain("b.example")
    assert idp.add_custom_domain("b.example", status="failed").id == first.id
    assert idp.add_custom_domain("b.example", id="cd_other").id == "cd_other"


def test_a_check_shows_domain_and_status():
    domain = parse_tenant(tenant(PENDING)).custom_domains[0]
    shown = {"domain": "soon.acme.example", "status": "pending_verification"}
    assert CUSTOM_DOMAIN.summarize(domain) == shown
