"""A tenant whose server supports delivery faults, and one request for each endpoint."""

from types import SimpleNamespace

import pytest
from werkzeug.test import Client as WsgiClient

from helpers.acme import ACME, API, CALLBACK, DATABASE, ORIGIN, with_client, with_tenant
from helpers.legacy import LEGACY_TENANT, LegacyApp
from helpers.methods import impersonation_link
from helpers.mfa import APP, with_mfa
from helpers.passkeys import REQUESTS as PASSKEY_REQUESTS
from helpers.passwordless import EMAIL, code_for, link_for, start
from helpers.passwordless import TENANT as PASSWORDLESS
from helpers.providers import DOCUMENT as PROVIDERS
from helpers.providers import GINA
from helpers.registration import register
from helpers.tenant_client import TenantClient, bearer
from helpers.universal_logout import log_carol_out
from mockidp.protocol.oauth.grant_types import DEVICE_CODE, PASSWORD_REALM
from mockidp.tenant.config.fault import parse_fault

WEB = {"client_id": "web", "client_secret": "web-secret"}


class FaultyTenant(TenantClient):
    """A tenant with faults, behind a server that can end a connection."""

    def __init__(self, document=ACME, **options):
        super().__init__(document, **options)
        self.delivery = SimpleNamespace(drop=False, truncate=None, drip=0.0)

    def fault(self, endpoint, *, predicate=None, **words):
        """Add a fault."""
        return self.tenant.faults.add(parse_fault({"endpoint": endpoint, **words}), predicate)

    def request(self, method, path, **options):
        """Send a request. Keep the delivery that faults request from the server."""
        self.delivery = SimpleNamespace(drop=False, truncate=None, drip=0.0)
        overrides = {"mockidp.delivery": self.delivery}
        return super().request(method, path, environ_overrides=overrides, **options)

    def link(self, **fields):
        """Return the path of an impersonation link."""
        fields = {"user": "alice", "impersonator": "bob", "client": "web", "state": "s"} | fields
        url = impersonation_link(self.tenant, self.url, **fields)
        return url.removeprefix(self.url)

    def begin_login(self, **parameters):
        """Begin a login without cookies. Return the URL of its page."""
        self.browser = WsgiClient(self.app)
        return self.authorize(**parameters).location


def _login(idp):
    return idp.get(idp.begin_login())


def _logged_in(idp, **parameters):
    form = {"username": "alice@acme.example", "password": "Passw0rd!", "action": "default"}
    return idp.get(idp.submit(idp.begin_login(**parameters), **form).location)


def _consent(idp):
    return idp.get(_logged_in(idp, client_id="third-party").location)


def _resume(idp):
    return _logged_in(idp)


def _organization(idp):
    state = idp.authorize().location.partition("state=")[2]
    return idp.submit(f"/u/organization/selection?state={state}", organizationName="none")


def _userinfo(idp):
    tokens = idp.tokens()
    return idp.userinfo(tokens["access_token"])


def _provider(idp):
    idp.edit(PROVIDERS)
    return idp.get(idp.begin_login(connection="google-oauth2"))


def _connection(idp):
    idp.edit(PROVIDERS)
    url = idp.begin_login(connection="google-oauth2")
    return idp.get(idp.submit(url, action="pick", user_id=GINA).location)


def _impersonate(idp):
    form = {"client_id": "global", "client_secret": "global-secret"}
    token = idp.token(grant_type="client_credentials", **form).json["access_token"]
    body = {
        "protocol": "oauth2",
        "impersonator_id": "auth0|bob",
        "client_id": "web",
        "additionalParameters": {"state": "s", "callback_url": CALLBACK},
    }
    return idp.post("/users/auth0%7Calice/impersonate", json_body=body, headers=bearer(token))


def _par(idp):
    idp.edit(with_tenant(pushed_authorization_requests_supported=True))
    return idp.post("/oauth/par", response_type="code", **WEB)


def _device_code(idp):
    idp.edit(with_client(ACME, "spa", grant_types=(DEVICE_CODE,)))
    return idp.post("/oauth/device/code", client_id="spa", scope="openid")


def _passwordless_start(idp, **body):
    idp.edit(PASSWORDLESS)
    return start(idp, **body)


def _passwordless_verify(idp):
    idp.edit(PASSWORDLESS)
    body = {"client_id": "web", "connection": "email", "email": EMAIL}
    return idp.post("/passwordless/verify", json_body={**body, "verification_code": code_for(idp)})


def _passwordless_link(idp):
    idp.edit(PASSWORDLESS)
    link = link_for(idp, authParams={"response_type": "code", "redirect_uri": CALLBACK})
    return idp.get(link.removeprefix(idp.url))


def _sign_up(idp):
    number = len(idp.tenant.directory.users)
    body = {"client_id": "web", "connection": DATABASE, "email": f"user{number}@acme.example"}
    return idp.post("/dbconnections/signup", json_body={**body, "password": "Passw0rd!"})


def _change_password(idp):
    body = {"client_id": "web", "connection": DATABASE, "email": "alice@acme.example"}
    return idp.post("/dbconnections/change_password", json_body=body)


def _reset_password(idp):
    state = idp.begin_login().partition("state=")[2]
    return idp.get("/u/reset-password/request", state=state)


def _sign_up_page(idp):
    return idp.get("/u/signup", state=idp.begin_login().partition("state=")[2])


def _co_authenticate(idp):
    document = with_client(ACME, "web", cross_origin_authentication=True)
    idp.edit(document)
    body = {"client_id": "web", "credential_type": PASSWORD_REALM, "realm": DATABASE}
    body |= {"username": "alice@acme.example", "password": "Passw0rd!"}
    return idp.post("/co/authenticate", json_body=body, headers={"Origin": ORIGIN})


def _management(idp):
    token = idp.machine_token(audience=f"{idp.url}/api/v2/").json["access_token"]
    return idp.get("/api/v2/users", headers=bearer(token))


def _mfa_token(idp, *enrolled):
    idp.edit(with_mfa(*enrolled))
    return idp.password_token().json["mfa_token"]


def _mfa_page(idp):
    idp.edit(with_mfa(APP))
    form = {"username": "alice@acme.example", "password": "Passw0rd!"}
    resumed = idp.submit(idp.authorize().location, **form)
    return idp.get(idp.get(resumed.location).location)


def _mfa_challenge(idp):
    form = {"client_id": "web", "client_secret": "web-secret", "challenge_type": "otp"}
    return idp.post("/mfa/challenge", mfa_token=_mfa_token(idp, APP), **form)


def _mfa_associate(idp):
    body, token = {"authenticator_types": ["otp"]}, _mfa_token(idp)
    return idp.post("/mfa/associate", json_body=body, headers=bearer(token))


def _mfa_authenticators(idp):
    return idp.get("/mfa/authenticators", headers=bearer(_mfa_token(idp, APP)))


def _legacy(send):
    """Return a request of an older app."""

    def act(idp):
        idp.edit(LEGACY_TENANT)
        return send(idp)

    return act


def _hosted_login(idp):
    form = {"client_id": "web", "redirect_uri": CALLBACK, "response_type": "code"}
    form |= {"username": "alice@acme.example", "password": "Passw0rd!", "connection": DATABASE}
    return idp.post("/usernamepassword/login", **form)


def _id_token(idp):
    return LegacyApp.ro(idp).json["id_token"]


ACTS = {
    "authorize": (lambda idp: idp.authorize(), 302),
    "login": (_login, 200),
    "provider": (_provider, 200),
    "connection": (_connection, 302),
    "organization": (_organization, 400),
    "consent": (_consent, 200),
    "resume": (_resume, 302),
    "token": (lambda idp: idp.machine_token(audience=API), 200),
    "par": (_par, 201),
    "register": (register, 201),
    "device": (lambda idp: idp.get("/activate"), 200),
    "device_code": (_device_code, 200),
    "passwordless_start": (_passwordless_start, 200),
    "passwordless_verify": (_passwordless_verify, 200),
    "passwordless_verify_redirect": (_passwordless_link, 302),
    **PASSKEY_REQUESTS,
    "signup": (_sign_up, 200),
    "change_password": (_change_password, 200),
    "reset_password": (_reset_password, 200),
    "signup_page": (_sign_up_page, 200),
    "email_verification": (lambda idp: idp.get("/u/email-verification", ticket="none"), 400),
    "co_authenticate": (_co_authenticate, 200),
    "co_verify": (lambda idp: idp.get("/co/verify", state="none"), 400),
    "mfa": (_mfa_page, 200),
    "mfa_challenge": (_mfa_challenge, 200),
    "mfa_associate": (_mfa_associate, 200),
    "mfa_authenticators": (_mfa_authenticators, 200),
    "certificate": (lambda idp: idp.get("/pem"), 200),
    "revoke": (lambda idp: idp.post("/oauth/revoke", token="none", **WEB), 200),
    "global_token_revocation": (log_carol_out, 204),
    "userinfo": (_userinfo, 200),
    "discovery": (lambda idp: idp.get("/.well-known/openid-configuration"), 200),
    "jwks": (lambda idp: idp.get("/.well-known/jwks.json"), 200),
    "logout": (lambda idp: idp.get("/v2/logout"), 302),
    "impersonate": (_impersonate, 200),
    "impersonation_link": (lambda idp: idp.get(idp.link()), 302),
    "oauth_ro": (_legacy(LegacyApp.ro), 200),
    "oauth_access_token": (_legacy(LegacyApp.social), 200),
    "delegation": (_legacy(lambda idp: LegacyApp.delegate(idp, id_token=_id_token(idp))), 200),
    "tokeninfo": (_legacy(lambda idp: idp.post("/tokeninfo", id_token=_id_token(idp))), 200),
    "management": (_management, 200),
    "my_account": (lambda idp: idp.get("/me/v1/factors"), 401),
    "scim": (lambda idp: idp.get("/scim/v2/connections/con_1/Users"), 401),
    "unlink": (lambda idp: idp.post("/unlink", user_id="auth0|bob"), 400),
    "sso_data": (lambda idp: idp.get("/user/ssodata"), 200),
    "lock_settings": (lambda idp: idp.get("/client/web.js"), 200),
    "challenge": (lambda idp: idp.post("/usernamepassword/challenge", state="s"), 200),
    "usernamepassword_login": (_hosted_login, 200),
    "health_check": (lambda idp: idp.get("/test"), 200),
    "webfinger": (lambda idp: idp.get("/.well-known/webfinger", resource="acct:a@b"), 200),
    "unmatched": (lambda idp: idp.get("/no/such/path"), 404),
}
"""For each endpoint: a request, and the status of the answer."""


@pytest.fixture
def idp():
    return FaultyTenant()


@pytest.fixture
def make_idp():
    """Return a tenant of another document."""
    return FaultyTenant


@pytest.fixture
def covered():
    """Return the endpoints to which there is a request."""
    return set(ACTS)


@pytest.fixture(params=ACTS)
def place(request):
    """Return an endpoint, a request to it, and the status of the answer."""
    act, status = ACTS[request.param]
    return SimpleNamespace(endpoint=request.param, act=act, status=status)


@pytest.fixture
def watch(idp):
    """Return a function that returns the contexts of all exchanges at an endpoint so far."""

    def begin(endpoint):
        seen = []
        idp.fault(endpoint, status=503, predicate=seen.append)
        return seen

    return begin
