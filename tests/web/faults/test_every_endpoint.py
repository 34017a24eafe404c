"""Faults that work at every endpoint, compared with an exchange without a fault."""

import json

import pytest

from helpers.acme import API
from helpers.tenant_client import hint
from mockidp.faults.vocabulary import ENDPOINTS


def test_every_endpoint_is_covered(covered):
    assert covered == set(ENDPOINTS)


def outcome(idp, place):
    """Send a request to an endpoint, and check that the fault changes only that exchange."""
    answer = place.act(idp)
    entry = idp.tenant.journal.last(place.endpoint)
    assert entry.status == answer.status_code
    return answer, entry


def test_without_a_fault_the_answer_is_unchanged(idp, place):
    answer, entry = outcome(idp, place)
    assert answer.status_code == place.status
    assert entry.faults == ()
    assert "fault" not in hint(answer)


def test_a_fault_of_another_endpoint_does_not_fire(idp, place):
    other = next(one for one in ("jwks", "discovery") if one != place.endpoint)
    active = idp.fault(other, status=503)
    answer, entry = outcome(idp, place)
    assert (answer.status_code, entry.faults, active.matched) == (place.status, (), 0)


@pytest.mark.parametrize("everywhere", [False, True])
def test_another_status_with_body_and_headers(idp, place, everywhere):
    endpoint = "*" if everywhere else place.endpoint
    # Earlier requests are at other endpoints, so the fault does not change them.
    active = idp.fault(
        endpoint,
        predicate=lambda context: context.endpoint == place.endpoint,
        status=503,
        body='{"down": true}',
        headers={"Retry-After": "7", "Content-Type": "application/json"},
    )
    answer, entry = outcome(idp, place)
    assert (answer.status_code, answer.json) == (503, {"down": True})
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers["Server"] == "mockidp"
    assert hint(answer) == (
        f"Fault `{endpoint}: status 503` (1) fired: the fault answered the request, and the tenant "
        "did nothing."
    )
    assert entry.faults == (active.name,)
    assert entry.hint == hint(answer)
    assert entry.error is None
    active.cancel()
    assert place.act(idp).status_code == place.status


def test_a_status_alone_is_empty_text(idp, place):
    idp.fault(place.endpoint, status=500)
    answer = place.act(idp)
    assert (answer.status_code, answer.data) == (500, b"")
    assert answer.content_type == "text/plain; charset=utf-8"


def test_a_rate_limit(idp, place):
    active = idp.fault(place.endpoint, rate_limit=True, times=1)
    answer, entry = outcome(idp, place)
    assert answer.status_code == 429
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert int(answer.headers["X-RateLimit-Limit"]) >= 10
    assert int(answer.headers["X-RateLimit-Reset"]) == int(idp.tenant.now()) + 1
    assert answer.headers["Retry-After"] == "1"
    assert hint(answer).startswith(f"Fault `{place.endpoint}: rate_limit` (1 of 1) fired: ")
    assert (entry.error, entry.faults) == ("too_many_requests", (active.name,))
    assert place.act(idp).status_code == place.status


def test_a_rate_limit_has_the_shape_of_its_endpoint(idp):
    idp.fault("*", rate_limit=True)
    assert idp.machine_token(audience=API).json == {
        "error": "too_many_requests",
        "error_description": "Global limit has been reached",
    }
    api = idp.post("/users/auth0%7Calice/impersonate", json_body={})
    assert api.json == {
        "statusCode": 429,
        "error": "Too Many Requests",
        "message": "Global limit has been reached",
        "errorCode": "too_many_requests",
    }
    page = idp.authorize()
    assert page.content_type == "text/html; charset=utf-8"
    assert "too_many_requests" in page.text


def test_a_rate_limit_shows_the_endpoints_own_number(idp):
    idp.fault("*", rate_limit=True, headers={"Retry-After": "30"})
    assert idp.userinfo("x").headers["X-RateLimit-Limit"] == "10"
    assert idp.machine_token().headers["X-RateLimit-Limit"] == "100"
    assert idp.get("/.well-known/jwks.json").headers["X-RateLimit-Limit"] == "100"
    assert idp.userinfo("x").headers["Retry-After"] == "30"


def test_another_content_type(idp, place):
    idp.fault(place.endpoint, content_type="text/vnd.odd")
    answer, entry = outcome(idp, place)
    assert (answer.status_code, answer.content_type) == (place.status, "text/vnd.odd")
    assert entry.faults == (f"{place.endpoint}: content_type",)


def test_a_truncated_body(idp, place):
    whole = place.act(idp)
    active = idp.fault(place.endpoint, malformed_json=True)
    answer, entry = outcome(idp, place)
    assert answer.status_code == place.status
    assert active.fired == (whole.mimetype == "application/json")
    assert len(entry.faults) == active.fired
    if whole.mimetype == "application/json":
        assert 1 <= len(answer.data) < len(whole.data)
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer.data)
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert (
            hint(answer).endswith("(1) fired: the answer was changed.") or whole.status_code == 404
        )
    else:
        assert (
            "(1) had no effect: the answer is not JSON, and this fault changes only JSON."
            in hint(answer)
        )


@pytest.mark.parametrize(
    ("words", "delivery"),
    [
        ({"drop": True}, (True, None, 0.0)),
        ({"truncate": 0}, (False, 0, 0.0)),
        ({"truncate": 5, "drip": 0.5}, (False, 5, 0.5)),
    ],
)
def test_the_server_receives_the_delivery_faults(idp, place, words, delivery):
    active = idp.fault(place.endpoint, **words)
    answer, entry = outcome(idp, place)
    assert (idp.delivery.drop, idp.delivery.truncate, idp.delivery.drip) == delivery
    # The tenant has handled the request, and the journal has an entry.
    assert (answer.status_code, entry.faults) == (place.status, (active.name,))
    active.cancel()
    place.act(idp)
    assert (idp.delivery.drop, idp.delivery.truncate, idp.delivery.drip) == (False, None, 0.0)


@pytest.mark.parametrize("words", [{"drop": True}, {"truncate": 1}, {"drip": 0.1}])
def test_another_server_answers_500_and_the_hint_says_why(idp, words):
    idp.fault("token", **words)
    answer = idp.another_browser().machine_token(audience=API)
    assert (answer.status_code, answer.json["error"]) == (500, "server_error")
    assert hint(answer) == (
        f"Fault `token: {next(iter(words))}` (1) failed: only mockidp's own server can do that, "
        "and this is another WSGI server."
    )
    entry = idp.tenant.journal.last("token")
    assert (entry.faults, entry.is_bug) == ((f"token: {next(iter(words))}",), False)
    assert entry.tokens == ()


def test_the_page_of_a_fault_keeps_the_headers_that_other_pages_get(idp):
    headers = {"Content-Type": "text/html", "X-Frame-Options": "SAMEORIGIN"}
    idp.fault("authorize", status=503, body="<p>down</p>", headers=headers)
    answer = idp.get("/authorize", client_id="web")
    assert answer.content_type == "text/html"
    assert answer.headers.get_all("X-Frame-Options") == ["SAMEORIGIN"]
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
