"""The hint header and the log line, without secrets."""

import gc
import logging
import weakref
from base64 import b64encode
from dataclasses import FrozenInstanceError
from urllib.parse import unquote

import pytest

from helpers.acme import CALLBACK
from helpers.html_page import mockidps_part
from helpers.tenant_client import TenantClient, hint
from mockidp.tenant.clock import LATEST, ClockSetting
from mockidp.tenant.config.fault import parse_fault
from mockidp.web import endpoints, hosted
from mockidp.web.endpoints.userinfo import ROUTES


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger="mockidp")
    return lambda: [record.getMessage() for record in caplog.records]


def test_a_hint_is_printable_ascii(idp):
    answer = idp.authorize(client_id="山田 ü\n%7C")
    assert hint(answer).isascii()
    assert hint(answer).isprintable()
    assert "山田" in unquote(hint(answer))
    assert "%7C" in hint(answer)


def test_a_hint_has_at_most_a_thousand_characters(idp):
    for client_id in ("x" * 4000, "山" * 1000):
        answer = idp.authorize(client_id=client_id)
        assert len(hint(answer)) <= 1000
        assert hint(answer).endswith("...")
        assert answer.status_code == 400


def test_a_json_body_does_not_contain_the_hint(idp):
    refused = idp.redeem("never-made")
    assert list(refused.json) == ["error", "error_description"]
    assert "never issued" in hint(refused)


def test_a_page_shows_the_hint_in_mockidps_own_part(idp):
    answer = idp.authorize(client_id="nobody")
    assert "Known clients: web" in hint(answer)
    auth0s_part, own_part = answer.text.split('data-testid="mockidp-hint"')
    assert "Known clients: web" in own_part
    assert "Known clients: web" not in auth0s_part


SHOWN_TO_ANYBODY = ("/activate", "/u/device/success", "/u/device/denied")
PAGES = sorted(
    {
        (one.methods[0], one.path)
        for one in (*endpoints.routes(), *hosted.routes())
        if one.refuses_on_page and one.path not in SHOWN_TO_ANYBODY
    }
)


@pytest.mark.parametrize(("method", "path"), PAGES)
def test_every_endpoint_that_refuses_on_a_page_shows_the_hint_there(idp, method, path):
    answer = idp.request(method, f"{path}?client_id=nobody&state=nothing")
    assert answer.status_code >= 400
    assert answer.content_type.startswith("text/html")
    assert hint(answer) in mockidps_part(answer.text)
    assert len(PAGES) >= 12


def test_an_impersonation_link_answers_a_browser_in_json(idp):
    headers = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}
    answer = idp.get("/users/auth0%7Calice/impersonate", headers=headers, bewit="nonsense")
    assert answer.content_type.startswith("application/json")
    assert hint(answer)
    assert hint(answer) not in answer.text


def test_a_success_has_one_line_and_no_hint(idp, lines):
    code = idp.callback()["code"]
    before = len(lines())
    idp.redeem(code)
    assert lines()[before:] == ["token 200 client='web'"]


def test_a_refusal_has_a_line_with_the_cause(idp, lines):
    idp.redeem("never-made")
    (line,) = lines()
    assert line.startswith("token 403 invalid_grant client='web' hint=")
    assert "This tenant never issued such a code" in line


def test_the_line_names_a_client_from_a_basic_header(idp, lines):
    basic = "Basic " + b64encode(b"web:web-secret").decode()
    code = idp.post(
        "/oauth/token",
        headers={"Authorization": basic},
        grant_type="authorization_code",
        code="never-made",
    )
    assert code.status_code == 403
    assert lines()[0].startswith("token 403 invalid_grant client='web' hint=")


def test_a_redirected_error_has_its_cause_in_the_line(idp, lines):
    idp.authorize(prompt="none")
    (line,) = lines()
    assert line.startswith("authorize 302 login_required client='web' hint=")
    assert "the request has no session cookie" in line


def test_every_exchange_is_one_line(idp, lines):
    idp.authorize(client_id="a\nERROR forged line\r\n\x1b[31m")
    (line,) = lines()
    assert line.isprintable()


def test_a_long_client_id_is_cut_in_the_line(idp, lines):
    idp.token(client_id="x" * 500, client_secret="y")
    assert f"client={'x' * 64!r} " in lines()[0]


def test_a_disabled_log_line_is_not_formatted(idp, caplog):
    caplog.set_level(logging.WARNING, logger="mockidp")
    idp.redeem("never-made")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/_mockidp/health", "health 200"),
        ("/_mockidp/v1/journal?wait_seconds=0", "control 408 "),
    ],
)
def test_frequent_requests_are_logged_at_level_debug(idp, lines, caplog, path, line):
    idp.get(path)
    assert lines() == []
    caplog.set_level(logging.DEBUG, logger="mockidp")
    idp.get(path)
    assert len(lines()) == 1
    assert lines()[0].startswith(line)


def test_log_and_hint_contain_no_secret(idp, lines):
    tokens = idp.tokens(scope="openid offline_access")
    secrets = [
        "web-secret",
        "Passw0rd!",
        "guessed-password",
        tokens["access_token"],
        tokens["refresh_token"],
        tokens["id_token"],
    ]
    code = idp.callback()["code"]
    secrets.append(code)
    answers = [
        idp.redeem(code),
        idp.redeem(code),
        idp.redeem(idp.callback()["code"], redirect_uri="http://other/"),
        idp.refresh(tokens["refresh_token"], client_id="other"),
        idp.refresh(tokens["refresh_token"]),
        idp.userinfo(tokens["access_token"]),
        idp.userinfo(tokens["id_token"]),
        idp.password_token(password="guessed-password"),
        idp.get("/oidc/logout", id_token_hint=tokens["id_token"], client_id="other"),
        idp.submit(
            idp.authorize(prompt="login").location, username="a", password="guessed-password"
        ),
        idp.post("/oauth/token", client_id="web", client_secret=["web-secret", "web-secret"]),
        idp.post("/oauth/token", json_body={"client_secret": ["web-secret"], "client_id": "web"}),
    ]
    output = "\n".join([*lines(), *map(hint, answers)])
    assert [secret for secret in secrets if secret in output] == []
    assert sum(map(bool, map(hint, answers))) >= 9


def test_a_bug_is_a_500_with_its_traceback_only_in_the_log(monkeypatch, caplog):
    idp = TenantClient()
    monkeypatch.setattr(idp.tenant.keys, "jwks", None)
    answer = idp.browser.get("/.well-known/jwks.json", base_url=idp.url)
    assert answer.status_code == 500
    assert answer.json == {"error": "server_error", "error_description": "Internal error"}
    assert hint(answer) == "This is a bug in mockidp. See its log."
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.exc_info
    assert record.name == "mockidp.jwks"


@pytest.mark.parametrize("step", ["record", "headers_of", "_log", "_faults_at"])
def test_a_bug_outside_the_handler_is_a_500(monkeypatch, caplog, step):
    def fail(*_arguments):
        raise RecursionError(step)

    idp = TenantClient()
    monkeypatch.setattr(f"mockidp.web.pipeline.pipeline.{step}", fail)
    answer = idp.browser.get("/.well-known/jwks.json", base_url=idp.url)
    assert answer.status_code == 500
    assert answer.json == {"error": "server_error", "error_description": "Internal error"}
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert isinstance(record.exc_info[1], RecursionError)


def test_a_refused_request_is_freed_at_once(monkeypatch):
    seen = []
    idp = TenantClient()

    def remember(exchange, _outcome):
        seen.append(weakref.ref(exchange.request))

    monkeypatch.setattr("mockidp.web.pipeline.pipeline._log", remember)
    gc.disable()
    try:
        assert idp.token(grant_type="nonsense").status_code == 501
        assert [one() for one in seen] == [None]
    finally:
        gc.enable()


def test_every_endpoint_has_its_own_logger(idp, caplog):
    caplog.set_level(logging.INFO, logger="mockidp")
    idp.get("/userinfo")
    idp.post("/oauth/revoke")
    assert [record.name for record in caplog.records] == ["mockidp.userinfo", "mockidp.revoke"]
    with pytest.raises(FrozenInstanceError):
        ROUTES[0].name = "other"


def test_rate_limits_are_shown_where_auth0_has_them(idp):
    assert idp.get("/userinfo").headers["X-RateLimit-Limit"] == "10"
    assert idp.post("/oauth/token").headers["X-RateLimit-Limit"] == "100"
    assert "X-RateLimit-Limit" not in idp.authorize(redirect_uri=CALLBACK).headers


def test_a_refusal_in_the_format_of_the_management_api_has_its_code_in_the_line(idp, lines):
    idp.get("/api/users")
    assert lines()[0].startswith("unmatched 404 Not Found hint=")


def test_an_unauthorized_call_has_its_code_in_the_line(idp, lines):
    idp.get("/userinfo")
    assert lines() == [
        (
            "userinfo 401 unauthorized hint='No access token was sent. Send `Authorization: Bearer "
            "<token>`.'"
        )
    ]


def test_a_tenant_answers_at_the_last_supported_time(idp):
    idp.tenant.clock.setting = ClockSetting(offset=LATEST)
    tokens = idp.tokens()
    assert idp.userinfo(tokens["access_token"]).json["sub"] == "auth0|alice"
    assert idp.get("/v2/logout").headers["Date"] == "Fri, 31 Dec 9999 23:59:59 GMT"


def test_a_hint_of_many_parts_is_short_in_header_log_and_journal(idp, caplog):
    caplog.set_level(logging.INFO, logger="mockidp")
    for number in range(50):
        words = {"endpoint": "discovery", "remove": [f"missing_{number}_{'x' * 40}"]}
        idp.tenant.faults.add(parse_fault(words))
    answer = idp.get("/.well-known/openid-configuration")
    assert answer.status_code == 200
    assert len(hint(answer)) == 1000
    assert idp.tenant.journal.last().hint == hint(answer)
    assert hint(answer) in caplog.messages[-1]
    assert len(caplog.messages[-1]) < 1100
