"""A tenant whose clients log users in from their own pages, and the requests of those pages."""

from dataclasses import replace

from helpers.acme import ACME, DATABASE, ORIGIN, PASSWORD_OF_ALL, with_client
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.protocol.oauth.grant_types import PASSWORD_REALM
from mockidp.resources.connection import Connection

ALICE = "alice@acme.example"
REALM = {"credential_type": PASSWORD_REALM, "realm": DATABASE}


def allowing(document=ACME, client_id="web", **fields):
    """Return a document in which a client allows it."""
    return with_client(document, client_id, **{"cross_origin_authentication": True} | fields)


def cross_origin_tenant():
    """Return a tenant with two clients that allow it, and a passwordless connection."""
    document = allowing(allowing(), "third-party")
    email = Connection(name="email", strategy="email")
    return TenantClient(replace(document, connections=(email,)))


def co_authenticate(idp, *, origin=ORIGIN, **body):
    """Post credentials of alice. None leaves a property out."""
    defaults = {"client_id": "web", "username": ALICE, "password": PASSWORD_OF_ALL, **REALM}
    sent = {name: value for name, value in (defaults | body).items() if value is not None}
    headers = {"Origin": origin} if origin else None
    return idp.post("/co/authenticate", json_body=sent, headers=headers)


def ticket(idp, **body):
    """Return a login ticket for alice."""
    answer = co_authenticate(idp, **body)
    assert answer.status_code == 200, (answer.text, hint(answer))
    return answer.json["login_ticket"]


def assert_refused(answer, status, error, description):
    """Check the refusal of /co/authenticate, and that it has a hint."""
    assert answer.status_code == status, answer.text
    assert answer.json == {"error": error, "error_description": description}
    assert hint(answer)


def assert_ticket_refused(answer, cause):
    """Check the refusal of a ticket at the callback, and its hint."""
    assert sent_to_callback(answer) == {
        "error": "access_denied",
        "error_description": "Unknown or invalid login ticket.",
        "state": "s1",
    }
    assert cause in hint(answer)
