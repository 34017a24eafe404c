"""Pushed authorization requests: /oauth/par, and what /authorize does with its `request_uri`."""

import html
from dataclasses import replace

import pytest

from helpers.acme import ACME, API, CALLBACK, with_client, with_tenant
from helpers.tenant_client import (
    TenantClient,
    basic,
    claims_of,
    hint,
    race,
    sent_to_callback,
)
from mockidp.faults import Fault
from mockidp.tenant.content.zero_config import ZERO_CONFIG

ENABLED = with_tenant(ACME, pushed_authorization_requests_supported=True)
URN = "urn:ietf:params:oauth:request_uri:"
REQUEST = {
    "client_id": "web",
    "client_secret": "web-secret",
    "response_type": "code",
    "redirect_uri": CALLBACK,
    "scope": "openid read:items",
    "audience": API,
    "state": "pushed-state",
    "nonce": "pushed-nonce",
}


@pytest.fixture
def idp():
    return TenantClient(ENABLED)


def push(idp, *, headers=None, **changed):
    form = {name: one for name, one in (REQUEST | changed).items() if one is not None}
    return idp.post("/oauth/par", headers=headers, **form)


def pushed(idp, **changed):
    answer = push(idp, **changed)
    assert answer.status_code == 201, (answer.text, hint(answer))
    return answer.json["request_uri"]


def open_uri(idp, uri, client_id="web", **more):
    return idp.get("/authorize", client_id=client_id, request_uri=uri, **more)


def refused_on_page(answer, description="Invalid or expired request_uri"):
    assert answer.status_code == 400
    assert description in html.unescape(answer.text)
    return hint(answer)


def test_rfc9126_2_2__the_response(idp):
    answer = push(idp)
    assert answer.status_code == 201
    assert list(answer.json) == ["expires_in", "request_uri"]
    assert answer.json["expires_in"] == 30
    assert answer.json["request_uri"].startswith(URN)
    assert answer.headers["Cache-Control"] == "no-store"
    assert hint(answer) == ""
    assert pushed(idp) != pushed(idp)


def test_rfc9126_4__the_login_has_the_pushed_parameters(idp):
    answer = idp.follow(open_uri(idp, pushed(idp)))
    callback = sent_to_callback(idp.log_in(answer.location))
    assert callback["state"] == "pushed-state"
    tokens = idp.redeem(callback["code"]).json
    assert claims_of(tokens["id_token"])["nonce"] == "pushed-nonce"
    access = claims_of(tokens["access_token"])
    assert access["aud"] == [API, f"{idp.url}/userinfo"]
    assert access["scope"] == "openid read:items"


@pytest.mark.parametrize(
    "changed",
    [
        {"client_secret": None, "headers": basic("web", "web-secret")},
        {"client_secret": None, "client_id": None, "headers": basic("web", "web-secret")},
        {"client_secret": None, "client_id": "spa"},
    ],
)
def test_rfc9126_2__clients_authenticate_as_at_the_token_endpoint(idp, changed):
    uri = pushed(idp, **changed)
    assert open_uri(idp, uri, changed.get("client_id") or "web").status_code == 302


@pytest.mark.parametrize("changed", [{"client_secret": "wrong"}, {"client_secret": None}])
def test_auth0_par__a_client_that_is_not_authenticated_is_refused(idp, changed):
    answer = push(idp, **changed)
    assert answer.status_code == 401
    assert answer.json == {"error": "invalid_client", "error_description": "Unauthorized"}
    assert "client_secret" in hint(answer)


def test_an_unknown_client_is_refused(idp):
    answer = push(idp, client_id="nope")
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert "'nope'" in hint(answer)


@pytest.mark.parametrize(
    ("changed", "status", "error", "description"),
    [
        ({"redirect_uri": "https://evil.example/"}, 403, "unauthorized_client",
         "Callback URL mismatch. https://evil.example/ is not in the list of allowed callback URLs"),
        ({"response_type": None}, 400, "invalid_request",
         "Missing required parameter: response_type"),
        ({"response_type": "nope"}, 501, "unsupported_response_type",
         "Unsupported response type: nope"),
        ({"audience": "https://nope.example/"}, 403, "access_denied",
         "Service not found: https://nope.example/"),
        ({"max_age": "soon"}, 400, "invalid_request", "Invalid max_age"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, 400, "invalid_request",
         "Parameter 'code_challenge' must be between 43 and 128 characters long"),
        ({"request_uri": f"{URN}x"}, 400, "invalid_request",
         "Parameter 'request_uri' is not allowed"),
    ],
)  # fmt: skip
def test_rfc9126_2_3__what_authorize_would_refuse_is_refused_when_it_is_pushed(
    idp, changed, status, error, description
):
    answer = push(idp, **changed)
    assert answer.status_code == status
    assert answer.json == {"error": error, "error_description": description}
    assert hint(answer)
    assert idp.tenant.pushed_requests.count() == 0


def test_auth0_par__a_json_body_is_refused(idp):
    answer = idp.post("/oauth/par", json_body=REQUEST)
    assert answer.status_code == 400
    assert answer.json == {
        "error": "invalid_request", "error_description": "Unsupported content type",
    }  # fmt: skip
    assert hint(answer) == (
        "The body of /oauth/par is JSON. Auth0 reads only a form: send "
        "application/x-www-form-urlencoded."
    )


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_404(idp, method):
    assert idp.request(method, "/oauth/par").status_code == 404


def test_auth0_par__a_request_is_used_once(idp):
    uri = pushed(idp)
    assert open_uri(idp, uri).status_code == 302
    refused = refused_on_page(open_uri(idp, uri))
    assert refused.startswith("The `request_uri` was refused. It was used at ")
    assert refused.endswith(" UTC, and can be used only once.")


def test_a_request_is_used_once_among_fifty_concurrent_ones(idp):
    uri = pushed(idp)
    statuses = [answer.status_code for answer in race(lambda: open_uri(idp, uri))]
    assert sorted(statuses) == [302] + [400] * 49


@pytest.mark.parametrize("lifetime", [30, 10, 600])
def test_auth0_par__a_request_expires(lifetime):
    idp = TenantClient(with_client(ENABLED, "web", par_request_expiry=lifetime))
    first, second = pushed(idp), pushed(idp)
    idp.later(lifetime - 1)
    assert open_uri(idp, first).status_code == 302
    idp.later(1)
    refused = refused_on_page(open_uri(idp, second))
    assert refused.startswith("The `request_uri` was refused. It expired at ")
    assert refused.endswith(f" UTC, {lifetime} seconds after it was pushed.")


def test_a_login_may_take_longer_than_the_lifetime_of_the_request(idp):
    answer = idp.follow(open_uri(idp, pushed(idp)))
    idp.later(100)
    assert "code" in sent_to_callback(idp.log_in(answer.location))


def test_rfc9126_4__a_request_belongs_to_its_client(idp):
    uri = pushed(idp)
    assert refused_on_page(open_uri(idp, uri, "other")) == (
        "The `request_uri` was refused. Client web pushed it, but client other sent it."
    )
    assert open_uri(idp, uri).status_code == 302


def test_a_request_that_was_never_pushed_is_refused(idp):
    assert refused_on_page(open_uri(idp, f"{URN}nope")) == (
        "The `request_uri` was refused. Nothing was pushed under it, or it was pushed before a "
        "reset."
    )


def test_auth0_authorize__a_url_of_a_request_object_is_not_read(idp):
    answer = open_uri(idp, "https://app.example/request.jwt")
    refused = refused_on_page(answer, "Parameter 'request_uri' is not supported")
    assert refused.startswith("Parameter `request_uri` is 'https://app.example/request.jwt'. ")


def test_rfc9126_4__other_parameters_are_not_read_and_the_hint_names_them(idp):
    answer = open_uri(idp, pushed(idp), state="other", scope="openid email")
    assert hint(answer) == (
        "Parameters next to `request_uri` were not read: state, scope. Push them with the others."
    )
    assert sent_to_callback(idp.log_in(answer.location))["state"] == "pushed-state"


def test_a_pushed_request_without_client_id_at_authorize_is_refused(idp):
    answer = idp.get("/authorize", request_uri=pushed(idp))
    assert answer.status_code == 400
    assert "Missing required parameter: client_id" in answer.text


@pytest.mark.parametrize("of_client", [True, False])
def test_rfc9126_5__a_client_may_have_to_push(of_client):
    if of_client:
        document = with_client(ACME, "web", require_pushed_authorization_requests=True)
        whose = "client web"
    else:
        flags = replace(ACME.tenant.flags, require_pushed_authorization_requests=True)
        document, whose = with_tenant(ACME, flags=flags), "the tenant's flags"
    idp = TenantClient(document)
    assert open_uri(idp, pushed(idp)).location.startswith("/u/login")
    answer = idp.authorize()
    assert sent_to_callback(answer) == {
        "error": "invalid_request",
        "error_description": "Pushed authorization requests are required",
        "state": "s1",
    }
    assert hint(answer) == (
        f"Field `require_pushed_authorization_requests` of {whose} is true. Send the parameters to "
        "/oauth/par first, and the `request_uri` that it returns here."
    )


def test_a_tenant_that_has_not_enabled_it_refuses():
    answer = push(TenantClient(ACME))
    assert (answer.status_code, answer.json["error"]) == (404, "not_found")
    assert hint(answer) == (
        "This tenant does not accept pushed authorization requests. Set "
        "`tenant.pushed_authorization_requests_supported` to true in the tenant file."
    )


def test_without_a_tenant_file_any_client_may_push():
    idp = TenantClient(ZERO_CONFIG)
    uri = pushed(idp, client_id="mine", audience=None, scope="openid")
    assert open_uri(idp, uri, "mine").location.startswith("/u/login")


@pytest.mark.parametrize(
    ("document", "is_named"),
    [
        (ACME, False),
        (ENABLED, True),
        (with_tenant(ACME, flags=replace(
            ACME.tenant.flags, require_pushed_authorization_requests=True)), True),
    ],
)  # fmt: skip
def test_discovery_names_the_endpoint_if_the_tenant_has_it(document, is_named):
    answer = TenantClient(document).get("/.well-known/openid-configuration").json
    expected = "http://localhost:9400/oauth/par" if is_named else None
    assert answer.get("pushed_authorization_request_endpoint") == expected


def test_a_pushed_request_survives_a_snapshot(idp):
    uri = pushed(idp)
    taken = idp.tenant.snapshot()
    idp.tenant.reset()
    assert open_uri(idp, uri).status_code == 400
    idp.tenant.restore(taken)
    assert open_uri(idp, uri).status_code == 302


def test_a_fault_at_authorize_goes_to_the_pushed_callback(idp):
    idp.tenant.faults.add(Fault(endpoint="authorize", error="temporarily_unavailable"))
    answer = open_uri(idp, pushed(idp))
    assert sent_to_callback(answer)["error"] == "temporarily_unavailable"
    assert sent_to_callback(answer)["state"] == "pushed-state"


def test_the_journal_shows_no_secret_and_the_checks(idp):
    push(idp)
    entry = list(idp.tenant.journal)[-1]
    assert entry.endpoint == "par"
    assert entry.parameters["client_secret"] == "***"
    names = [check.name for check in entry.trace]
    assert names[:5] == [
        "client_authentication", "client_id", "client_secret", "par_enabled", "request_uri",
    ]  # fmt: skip
    assert "audience" in names
