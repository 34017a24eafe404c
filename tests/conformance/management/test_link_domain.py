"""The header `Auth0-Custom-Domain`, which chooses the domain of links."""

from dataclasses import replace

import pytest

from helpers.acme import ACME, DATABASE
from helpers.tenant_client import bearer, hint
from mockidp.resources.custom_domain import CustomDomain

ALICE = "/users/auth0%7Calice"
NEW = {"connection": DATABASE, "email": "carol@acme.example", "password": "Passw0rd!"}
DOMAINS = (
    CustomDomain(domain="login.acme.test"),
    CustomDomain(domain="id.acme.test", is_default=True),
    CustomDomain(domain="new.acme.test", status="pending_verification"),
)


@pytest.fixture
def idp(make_idp):
    return make_idp(document=replace(ACME, custom_domains=DOMAINS))


def call_for(idp, domain, method, path, body=None):
    headers = bearer(idp.access_token) | {"Auth0-Custom-Domain": domain}
    return idp.request(method, f"/api/v2{path}", json=body, headers=headers)


@pytest.mark.parametrize("path", ["/tickets/password-change", "/tickets/email-verification"])
@pytest.mark.parametrize("domain", ["login.acme.test", "Login.acme.test", "id.acme.test"])
def test_the_link_of_a_ticket_is_at_the_chosen_domain(idp, path, domain):
    answer = call_for(idp, domain, "POST", path, {"user_id": "auth0|alice"})
    assert answer.json["ticket"].startswith(f"http://{domain.lower()}:9400/u/")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/users", NEW),
        ("PATCH", ALICE, {"verify_email": True}),
        ("POST", "/jobs/verification-email", {"user_id": "auth0|alice"}),
    ],
)
def test_the_link_of_an_email_is_at_the_chosen_domain(idp, method, path, body):
    assert call_for(idp, "login.acme.test", method, path, body).status_code < 300
    (mail,) = idp.tenant.outbox
    assert mail.link.startswith("http://login.acme.test:9400/u/email-verification?ticket=")


@pytest.mark.parametrize("domain", ["none.acme.test", "new.acme.test", "acme.example", "a b"])
def test_a_domain_that_is_not_verified_is_refused(idp, domain):
    answer = call_for(idp, domain, "POST", "/users", NEW)
    assert (answer.status_code, answer.json["message"], answer.json["errorCode"]) == (
        400, "Invalid Auth0-Custom-Domain header", "invalid_custom_domain",
    )  # fmt: skip
    assert "not a verified custom domain" in hint(answer)
    assert list(idp.tenant.outbox) == []


@pytest.mark.parametrize("domain", ["login.acme.test", "none.acme.test"])
def test_the_header_has_no_effect_on_other_calls(idp, domain):
    answer = call_for(idp, domain, "GET", "/roles")
    assert answer.status_code == 200
    assert hint(answer) == "The header Auth0-Custom-Domain has no effect on this call."
