"""Sign-ups and password resets, as apps and browsers send them."""

from dataclasses import replace

from helpers.acme import ACME, DATABASE
from helpers.tenant_client import TenantClient
from mockidp.resources.connection import Connection, ConnectionOptions
from mockidp.tenant.content.prompts import Prompts

NEW = {
    "client_id": "spa",
    "connection": DATABASE,
    "email": "dora@acme.example",
    "password": "Passw0rd!",
}
ALICE = {"client_id": "spa", "connection": DATABASE, "email": "alice@acme.example"}


def _send(idp, path, defaults, fields, *, as_json):
    body = {name: value for name, value in (defaults | fields).items() if value is not None}
    return idp.post(path, json_body=body) if as_json else idp.post(path, **body)


def sign_up(idp, *, as_json=True, **fields):
    """Send a sign-up. None omits a field."""
    return _send(idp, "/dbconnections/signup", NEW, fields, as_json=as_json)


def request_reset(idp, *, as_json=True, **fields):
    """Request the link for a new password. None omits a field."""
    return _send(idp, "/dbconnections/change_password", ALICE, fields, as_json=as_json)


def with_options(document=ACME, **options):
    """Return a client of a tenant whose database has these options."""
    database = Connection(name=DATABASE, options=ConnectionOptions(**options))
    staff = Connection(name="staff", enabled_clients=("web",))
    social = Connection(name="google-oauth2", strategy="google-oauth2")
    return TenantClient(replace(document, databases=(database, staff), connections=(social,)))


def path_of(link):
    """Return path and query of a link, without the empty fragment that Auth0 appends."""
    return link.removeprefix("http://localhost:9400").removesuffix("#")


def reset_link(idp, **fields):
    """Request a reset, and return path and query of the link in the e-mail."""
    assert request_reset(idp, **fields).status_code == 200
    return path_of(idp.tenant.outbox.last(kind="reset_email").link)


def choose(idp, path, password, repeated=None):
    """Post the form for a new password."""
    form = {"password-reset": password, "re-enter-password": repeated or password}
    return idp.post(path, **form, action="default")


def begin(idp, **parameters):
    """Begin a login. Return its state."""
    return idp.authorize(**parameters).location.partition("state=")[2]


def sign_up_on_page(idp, state, path="/u/signup", **fields):
    """Post the form of a sign-up page. None omits a field."""
    form = {"email": NEW["email"], "password": NEW["password"], "action": "default"} | fields
    sent = {name: value for name, value in form.items() if value is not None}
    return idp.post(f"{path}?state={state}", state=state, **sent)


def two_pages(**options):
    """Return a client of a tenant that asks for address and password on two pages."""
    idp = with_options(**options)
    idp.edit(replace(idp.tenant.document, prompts=Prompts(identifier_first=True)))
    return idp
