"""A tenant whose users manage their second factors, and the app that calls the API for them."""

from dataclasses import replace
from urllib.parse import quote

from helpers.acme import ACME, URL
from helpers.mfa import MfaClient
from helpers.tenant_client import bearer, with_query
from mockidp.resources.client_grant import ClientGrant

AUDIENCE = f"{URL}/me/"
CREATE, READ, UPDATE, DELETE = (
    f"{verb}:me:authentication_methods" for verb in ("create", "read", "update", "delete")
)
FACTORS_SCOPE = "read:me:factors"
ALL = (CREATE, READ, UPDATE, DELETE, FACTORS_SCOPE)
METHODS = "/authentication-methods"


def granting(*scopes, document=ACME):
    """Return the document whose client `web` may call the API for users."""
    grant = ClientGrant(client_id="web", audience=AUDIENCE, scope=scopes, subject_type="user")
    return replace(document, client_grants=(*document.client_grants, grant))


class AccountClient(MfaClient):
    """A tenant, and an app with alice's token for the API."""

    def __init__(self, *enrolled, scopes=ALL, document=ACME, **options):
        document = granting(*scopes, document=document)
        super().__init__(*enrolled, document=document, policies=(), **options)

    def account_token(self, *scopes, **form):
        """Log alice in. Return a token with scopes; all without any."""
        scope = " ".join(scopes or ALL)
        answer = self.password_token(audience=AUDIENCE, scope=scope, **form)
        assert answer.status_code == 200, answer.text
        return answer.json["access_token"]

    def call(self, method, path, body=None, *, token=None, **query):
        """Call the API. The path is sent as it is."""
        headers = bearer(token or self.account_token())
        options = {} if body is None else {"json": body}
        return self.request(method, with_query(f"/me/v1{path}", query), headers=headers, **options)

    def methods(self):
        """Return the authentication methods."""
        return self.call("GET", METHODS).json["authentication_methods"]

    def enroll(self, kind, **fields):
        """Start an enrollment."""
        return self.call("POST", METHODS, {"type": kind, **fields})

    def verify(self, started, **fields):
        """Confirm an enrollment, which an answer has started."""
        body = {"auth_session": started["auth_session"], **fields}
        return self.call("POST", f"{path_of(started['id'])}/verify", body)


def path_of(method_id):
    """Return the path of an authentication method."""
    return f"{METHODS}/{quote(method_id, safe='')}"


def problem(answer):
    """Return status, title and detail of a refusal, and the member of the body that is wrong."""
    body = answer.json
    assert body["status"] == answer.status_code, answer.text
    assert body["type"].startswith(f"https://auth0.com/api-errors/A0E-{answer.status_code}-")
    wrong = body.get("validation_errors", [{"field": None}])
    return answer.status_code, body["title"], body["detail"], wrong[0]["field"]
