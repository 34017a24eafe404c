"""`/dbconnections/change_password`: the e-mail with a link for a new password."""

from dataclasses import replace

import pytest

from helpers.accounts import path_of, request_reset, reset_link, with_options
from helpers.acme import ACME, with_settings
from helpers.tenant_client import TenantClient, hint
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.content.email_template import EmailTemplate
from mockidp.tenant.tenant import Tenant

SENT = "We've just sent you an email to reset your password."


def with_template(name="reset_email", **fields):
    """Return a client of a tenant with an e-mail template."""
    return TenantClient(replace(ACME, email_templates=(EmailTemplate(template=name, **fields),)))


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("name", [{}, {"email": None, "username": "ALICE@acme.example"}])
def test_an_existing_user_gets_a_link(idp, as_json, name):
    answer = request_reset(idp, as_json=as_json, **name)
    assert (answer.status_code, answer.text) == (200, SENT)
    assert answer.content_type == "text/html; charset=utf-8"
    assert hint(answer) == ""
    (message,) = idp.tenant.outbox
    assert (message.to, message.kind) == ("alice@acme.example", "reset_email")
    assert (message.user_id, message.client_id) == ("auth0|alice", "spa")
    assert message.subject == "Reset your password"
    assert message.link in message.text
    assert message.link.startswith("http://localhost:9400/u/reset-password?ticket=")
    assert message.link.endswith("#")
    assert idp.get(path_of(message.link)).status_code == 200


def test_an_unknown_user_gets_the_same_answer_and_no_mail(idp):
    answer = request_reset(idp, email="alicia@acme.example")
    assert (answer.status_code, answer.text) == (200, SENT)
    assert len(idp.tenant.outbox) == 0
    assert hint(answer) == (
        "No e-mail was sent. Connection Username-Password-Authentication has no user with the "
        "e-mail or username 'alicia@acme.example'. Did you mean alice@acme.example?"
    )


def test_a_connection_can_forbid_it():
    idp = with_options(disable_self_service_change_password=True)
    answer = request_reset(idp)
    assert (answer.status_code, answer.text) == (200, SENT)
    assert len(idp.tenant.outbox) == 0
    assert "`options.disable_self_service_change_password: true`" in hint(answer)


def test_a_template_can_be_off():
    idp = with_template(enabled=False)
    assert request_reset(idp).text == SENT
    assert len(idp.tenant.outbox) == 0
    assert "because its template is not enabled" in hint(request_reset(idp))


def test_a_user_without_an_address_gets_no_mail():
    user = replace(ACME.users[0], email=None, username="alice")
    idp = TenantClient(replace(ACME, users=(user,)))
    answer = request_reset(idp, email="alice")
    assert (answer.status_code, len(idp.tenant.outbox)) == (200, 0)
    assert "because the user has no e-mail address" in hint(answer)


def test_a_template_sets_subject_and_lifetime():
    idp = with_template(subject="New password", urlLifetimeInSeconds=60)
    link = reset_link(idp)
    assert idp.tenant.outbox.last().subject == "New password"
    idp.later(59)
    assert idp.get(link).status_code == 200
    idp.later(1)
    assert "Link Expired" in idp.get(link).text


@pytest.mark.parametrize(
    ("settings", "start"),
    [
        ({"browser_url": "https://login.example"}, "https://login.example/u/reset-password?"),
        ({"issuer": "https://acme.example/"}, "https://acme.example/u/reset-password?"),
    ],
)
def test_links_are_at_the_url_for_browsers(settings, start):
    idp = TenantClient(with_settings(**settings))
    request_reset(idp)
    assert idp.tenant.outbox.last().link.startswith(start)


def test_links_are_repeatable_from_the_seed():
    links = [reset_link(TenantClient(tenant=Tenant(ACME, seed=7))) for _ in range(2)]
    assert links[0] == links[1]


def test_an_organization_is_accepted(idp):
    assert hint(request_reset(idp, organization="org_1")) == ""


def test_a_new_password_is_not_read_here(idp):
    assert "Parameter `password` was ignored." in hint(request_reset(idp, password="x"))


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({"connection": "nowhere"}, {"error": "connection not found"}),
        ({"connection": "staff"}, {"error": "connection not found"}),
        ({"client_id": None}, "Missing required parameter: client_id"),
        ({"connection": None}, "Missing required parameter: connection"),
        ({"email": None}, "Missing required parameter: email"),
        ({"email": ["x"]}, "Parameter 'email' must be a string"),
        ({"client_id": "nobody"}, "Unknown client: nobody"),
    ],
)
def test_malformed_requests_are_refused_in_the_format_of_the_endpoint(idp, fields, body):
    answer = request_reset(idp, **fields)
    if isinstance(body, str):
        body = {"code": "invalid_request", "description": body}
        body = {"name": "BadRequestError", **body, "statusCode": 400}
    assert (answer.status_code, answer.json) == (400, body)
    assert hint(answer)
    assert len(idp.tenant.outbox) == 0


def test_neither_journal_nor_hint_contains_the_ticket(idp):
    link = reset_link(idp)
    ticket = link.partition("ticket=")[2]
    idp.get(link)
    recorded = " ".join(str(one.to_dict()) for one in idp.tenant.journal)
    assert ticket not in recorded
    assert ticket[:8] in recorded


def test_a_fault_can_refuse_a_reset(idp):
    fault = {"endpoint": "change_password", "rate_limit": True, "times": 1}
    idp.tenant.faults.add(parse_fault(fault))
    assert request_reset(idp).status_code == 429
    assert request_reset(idp).status_code == 200
