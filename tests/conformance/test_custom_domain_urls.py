"""Custom domains: the links of e-mails, and the settings `issuer` and `browser_url`."""

from dataclasses import replace

import pytest

from helpers.acme import API, DATABASE, URL, with_settings, with_tenant
from helpers.custom_domains import BRAND_URL, LOGIN_URL, TENANT, at_domains
from helpers.tenant_client import TenantClient, claims_of, hint

DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def domains():
    return at_domains()


# --- links in e-mails ---


def reset_link(idp):
    """Request an e-mail for a new password. Return its link and the hint."""
    body = {"client_id": "web", "email": "alice@acme.example", "connection": DATABASE}
    answer = idp.post("/dbconnections/change_password", json_body=body)
    assert answer.status_code == 200, answer.text
    return list(idp.tenant.outbox)[-1].link, hint(answer)


def with_mail(**domains_fields):
    flags = replace(TENANT.tenant.flags, enable_custom_domain_in_emails=True)
    document = with_tenant(TENANT, flags=flags)
    first, *others = TENANT.custom_domains
    return replace(document, custom_domains=(replace(first, **domains_fields), *others))


def test_links_in_e_mails_are_at_the_own_domain_unless_the_flag_is_on(domains):
    own, login, _ = domains
    assert reset_link(own)[0].startswith(f"{URL}/u/reset-password?")
    link, advice = reset_link(login)
    assert link.startswith(f"{URL}/u/reset-password?")
    assert "because `enable_custom_domain_in_emails` of `tenant.flags` is off" in advice


def test_with_the_flag_links_are_at_the_domain_of_the_request():
    own, login, brand = at_domains(with_mail())
    for idp, url in ((own, URL), (login, LOGIN_URL), (brand, BRAND_URL)):
        link, advice = reset_link(idp)
        assert link.startswith(f"{url}/u/")
        assert "e-mail" not in advice


def test_with_the_flag_links_of_the_own_domain_are_at_the_default_domain():
    own, _, brand = at_domains(with_mail(is_default=True))
    link, advice = reset_link(own)
    assert link.startswith(f"{LOGIN_URL}/u/")
    assert "is at the custom domain login.acme.example" in advice
    assert reset_link(brand)[0].startswith(f"{BRAND_URL}/u/")


def test_the_only_custom_domain_is_the_default():
    document = with_mail()
    own = TenantClient(replace(document, custom_domains=document.custom_domains[:1]))
    assert reset_link(own)[0].startswith(f"{LOGIN_URL}/u/")


def test_a_browser_url_is_in_links_at_the_own_domain():
    own, login, _ = at_domains(with_settings(TENANT, browser_url="http://browser.test:1"))
    for idp in (own, login):
        assert reset_link(idp)[0].startswith("http://browser.test:1/u/")


# --- fixed issuers ---


def test_a_fixed_issuer_is_not_for_custom_domains():
    own, login, _ = at_domains(with_settings(TENANT, issuer="https://acme.test/"))
    assert own.get(DISCOVERY).json["issuer"] == "https://acme.test/"
    document = login.get(DISCOVERY).json
    assert document["issuer"] == f"{LOGIN_URL}/"
    assert document["authorization_endpoint"] == f"{LOGIN_URL}/authorize"


def test_a_browser_url_is_not_for_custom_domains():
    own, login, _ = at_domains(with_settings(TENANT, browser_url="http://browser.test:1"))
    assert own.get(DISCOVERY).json["authorization_endpoint"] == "http://browser.test:1/authorize"
    assert login.get(DISCOVERY).json["authorization_endpoint"] == f"{LOGIN_URL}/authorize"


def test_an_issuer_at_a_custom_domain_makes_it_that_of_the_own_domain():
    issuer = "https://login.acme.example/"
    own, login, brand = at_domains(with_settings(TENANT, issuer=issuer))
    for idp in (own, login):
        assert idp.get(DISCOVERY).json["issuer"] == issuer
    assert brand.get(DISCOVERY).json["issuer"] == f"{BRAND_URL}/"
    answer = login.redeem(own.callback(scope="openid", audience=API)["code"])
    assert claims_of(answer.json["id_token"])["iss"] == issuer
    assert claims_of(answer.json["access_token"])["aud"] == [API, f"{URL}/userinfo"]
    assert "Use one domain" not in hint(answer)
