"""Logs of the Management API, after logins, refusals and calls."""

import re
from dataclasses import replace

import pytest

from helpers import identity_assertions, on_behalf_of
from helpers.accounts import ALICE, choose, reset_link, sign_up
from helpers.acme import ACME, DATABASE
from mockidp.protocol.oauth.grant_types import TOKEN_EXCHANGE
from mockidp.protocol.tokens.token_exchange import ACCESS_TOKEN
from mockidp.resources.connection import Connection

LOGS = "/logs"


PASSWORDLESS = replace(
    ACME,
    connections=(
        Connection(name="email", strategy="email"),
        Connection(name="sms", strategy="sms"),
    ),
)


def types(idp, **query):
    """Return the types of the logs, the oldest first."""
    return [one["type"] for one in idp.call("GET", LOGS, sort="date:1", **query).json]


def begin(idp):
    """Forget the exchanges so far, such as that for the access token."""
    idp.tenant.journal.clear()
    return idp


def newest(idp, **query):
    return idp.call("GET", LOGS, **query).json[0]


def test_a_login_and_its_tokens_are_logged(idp):
    tokens = begin(idp).tokens(scope="openid offline_access")
    idp.refresh(tokens["refresh_token"])
    idp.refresh("none")
    idp.redeem("none")
    idp.authorize(prompt="none")
    idp.get("/v2/logout", client_id="web")
    idp.authorize(prompt="none")
    assert types(idp) == ["s", "seacft", "sertft", "fertft", "feacft", "ssa", "slo", "fsa"]


def test_a_wrong_password_names_the_user(idp):
    begin(idp).password_token(password="wrong")
    log = newest(idp)
    assert (log["type"], log["user_id"], log["user_name"]) == (
        "fp",
        "auth0|alice",
        "alice@acme.example",
    )
    assert (log["connection"], log["strategy"], log["strategy_type"]) == (
        DATABASE, "auth0", "database",
    )  # fmt: skip
    assert log["description"] == "Wrong email or password."
    assert log["details"]["error"]["oauthError"] == "invalid_grant"
    page = idp.follow(idp.authorize()).location
    idp.log_in(page, password="wrong")
    idp.log_in(page, user="nobody")
    assert types(idp) == ["fp", "fp", "fu"]
    assert newest(idp)["user_name"] == "nobody@acme.example"


def test_each_grant_has_its_type(idp):
    begin(idp).password_token()
    idp.machine_token()
    idp.token(grant_type="none")
    idp.token(grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code="none")
    assert types(idp) == ["sepft", "feccft", "f", "fede"]


def test_accounts_are_logged(idp):
    begin(idp)
    sign_up(idp)
    sign_up(idp)
    link = reset_link(idp)
    idp.get(link)
    choose(idp, link, "N3w-password")
    choose(idp, link, "N3w-password")
    idp.get("/u/email-verification?ticket=none")
    assert types(idp) == ["ss", "fs", "scpr", "scp", "fcp", "fv"]
    assert newest(idp, q="type:scp")["user_name"] == ALICE["email"]


def test_a_login_that_is_refused_is_logged(idp):
    idp.call("PATCH", "/users/auth0%7Calice", {"blocked": True})
    begin(idp).callback()
    assert types(idp) == ["f"]
    assert newest(idp)["description"] == "user is blocked"
    idp.get("/v2/logout", returnTo="http://none.example")
    idp.get("/userinfo")
    idp.get("/.well-known/jwks.json")
    idp.get("/v2/logout")
    assert types(idp)[1:] == ["flo", "fui", "slo"]


def test_many_wrong_passwords_are_a_block(idp):
    begin(idp)
    for _ in range(11):
        idp.password_token(password="wrong")
    assert types(idp)[-1] == "limit_wc"


def test_passwordless_messages_are_logged(make_idp):
    idp = begin(make_idp(document=PASSWORDLESS))
    start = {"client_id": "web", "client_secret": "web-secret", "send": "code"}
    idp.post("/passwordless/start", json_body=start | {"connection": "email", "email": "a@b.co"})
    idp.post(
        "/passwordless/start", json_body=start | {"connection": "sms", "phone_number": "+15551234"}
    )
    idp.post("/passwordless/start", json_body=start)
    assert types(idp) == ["cls", "cs", "f"]


def test_calls_are_logged(idp):
    begin(idp).call("GET", "/roles", per_page="5")
    idp.call("POST", "/roles", {"name": "one"})
    idp.call("POST", "/roles", {"nam": "one"})
    read, written, refused = idp.call("GET", LOGS, sort="date:1").json
    assert (read["type"], written["type"], refused["type"]) == ("mgmt_api_read", "sapi", "fapi")
    assert (written["description"], written["client_id"]) == ("Create a role", "manager")
    request = written["details"]["request"]
    assert (request["method"], request["path"], request["body"], request["channel"]) == (
        "post", "/api/v2/roles", {"name": "one"}, "api",
    )  # fmt: skip
    assert read["details"]["request"]["query"] == {"per_page": "5"}
    response = refused["details"]["response"]
    assert response["statusCode"] == 400
    assert response["body"]["message"].startswith("Payload validation error")


def test_no_log_has_a_password(idp):
    begin(idp).call("PATCH", "/users/auth0%7Calice", {"password": "S3cret-password"})
    assert "S3cret" not in idp.call("GET", LOGS).text


def test_a_call_of_a_user_names_the_user(idp):
    form = {"audience": f"{idp.url}/api/v2/", "scope": "openid read:current_user"}
    token = begin(idp).tokens(**form)["access_token"]
    idp.call("GET", "/users/auth0%7Calice", token=token)
    log = newest(idp)
    assert (log["type"], log["user_id"]) == ("mgmt_api_read", "auth0|alice")


def test_the_fields_of_a_log_have_auth0s_order(idp):
    begin(idp).password_token()
    log = newest(idp)
    assert list(log) == [
        "_id", "log_id", "date", "type", "description", "connection", "connection_id",
        "organization_id", "organization_name", "client_id", "client_name", "ip", "hostname",
        "user_id", "user_name", "user_agent", "audience", "strategy", "strategy_type", "isMobile",
    ]  # fmt: skip
    assert re.fullmatch(r"900\d{53}", log["log_id"])
    assert idp.call("GET", f"{LOGS}/{log['log_id']}").json == log
    assert list(idp.call("GET", LOGS, fields="type").json[0]) == ["type"]


def test_logs_are_searched(idp):
    begin(idp).password_token()
    idp.password_token(username="bob@acme.example")
    idp.tokens(user="bob")
    assert len(idp.call("GET", LOGS, q="type:sepft").json) == 2
    assert types(idp, q="type:(seacft OR s) AND client_id:web") == ["s", "seacft"]
    assert types(idp, q='user_id:"auth0|alice"') == ["sepft"]
    assert types(idp, q="date:[2100-01-01 TO *]") == []
    assert types(idp, q="organization_id:x") == []
    assert idp.call("GET", LOGS, q="type:(").status_code == 400
    found = idp.call("GET", "/users/auth0%7Cbob/logs", include_totals="true").json
    assert list(found) == ["start", "limit", "length", "logs", "total"]
    assert [one["type"] for one in found["logs"]] == ["seacft", "s", "sepft"]


def test_a_checkpoint_walks_through_all_logs(idp):
    begin(idp)
    for _ in range(5):
        idp.password_token()
    path, found = f"{LOGS}?take=2", []
    for _ in range(4):
        answer = idp.call("GET", path)
        found += answer.json
        link = re.fullmatch(r"<(.*)>; rel=\"next\"", answer.headers["Link"])[1]
        path = link.removeprefix(f"{idp.url}/api/v2")
    assert answer.json == []
    assert path == f"{LOGS}?from={found[-1]['log_id']}&take=2"
    assert [one["log_id"] for one in found] == sorted(
        one["log_id"] for one in idp.call("GET", LOGS).json
    )
    idp.password_token(password="wrong")
    assert [one["type"] for one in idp.call("GET", path).json] == ["fp"]


def test_an_exchange_on_behalf_of_a_user_has_types_of_its_own(idp):
    begin(idp).token(
        grant_type=TOKEN_EXCHANGE, subject_token_type=ACCESS_TOKEN, subject_token="none"
    )
    idp.edit(on_behalf_of.TENANT)
    on_behalf_of.exchange(idp, on_behalf_of.user_token(idp))
    failed, _, succeeded = idp.call("GET", LOGS, sort="date:1").json
    assert failed["type"] == "failed_on_behalf_of_token_exchange"
    assert succeeded["type"] == "success_on_behalf_of_token_exchange"
    assert succeeded["user_id"] == "auth0|alice"


def test_an_exchange_of_an_identity_assertion_has_types_of_its_own(idp):
    begin(idp).edit(identity_assertions.TENANT)
    identity_assertions.exchange(idp)
    identity_assertions.exchange(idp, "none")
    assert types(idp) == ["idjag_exchange_succeeded", "idjag_exchange_failed"]


def test_a_checkpoint_of_no_logs_links_to_itself(idp):
    answer = begin(idp).call("GET", f"{LOGS}?take=10")
    assert answer.json == []
    assert answer.headers["Link"] == f'<{idp.url}/api/v2/logs?take=10>; rel="next"'


@pytest.mark.parametrize("sent", ["none", "9" * 56, "٩" * 56])
def test_a_wrong_checkpoint_is_refused(idp, sent):
    answer = idp.call("GET", LOGS, **{"from": sent})
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_query_string")


def test_an_unknown_log_is_not_found(idp):
    answer = idp.call("GET", f"{LOGS}/none")
    assert (answer.status_code, answer.json["message"]) == (404, "The log does not exist")
    assert idp.call("GET", "/users/auth0%7Cnone/logs").status_code == 404
