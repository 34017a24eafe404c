"""No journal entry contains a complete secret."""

import pytest

from helpers.acme import API, CALLBACK, PASSWORD_OF_ALL
from helpers.tenant_client import basic

VERIFIER = "verifier-" * 6


def test_no_entry_holds_a_secret_whole(idp):
    page = idp.authorize(prompt="login").location
    idp.submit(page, username="alice@acme.example", password="guessed-password")
    idp.submit(page, username="alice@acme.example", password=PASSWORD_OF_ALL)
    code = idp.callback(code_challenge=VERIFIER)["code"]
    tokens = idp.redeem(code, code_verifier=VERIFIER).json
    more = idp.tokens(scope="openid offline_access", audience=API)
    answers = [
        idp.redeem(code),
        idp.redeem("a-code-that-nobody-made"),
        idp.refresh(more["refresh_token"], client_id="other"),
        idp.refresh(more["refresh_token"]),
        idp.password_token(),
        idp.password_token(password="guessed-password"),
        idp.userinfo(tokens["access_token"]),
        idp.userinfo(more["access_token"]),
        idp.get("/userinfo", access_token=more["id_token"]),
        idp.get("/oidc/logout", id_token_hint=tokens["id_token"], client_id="other"),
        idp.post("/oauth/token", headers=basic("web", "guessed-secret"), grant_type="password"),
        idp.post("/oauth/token", json_body={"client_secret": ["web-secret"], "client_id": "web"}),
    ]
    secrets = [code, VERIFIER, PASSWORD_OF_ALL, "web-secret", "other-secret", "guessed-password"]
    secrets += ["guessed-secret", "a-code-that-nobody-made"]
    secrets += [one[name] for one in (tokens, more) for name in ("access_token", "id_token")]
    secrets += [more["refresh_token"]]
    recorded = idp.tenant.journal.to_json()
    assert len(answers) < len(idp.tenant.journal)
    assert [secret for secret in secrets if secret in recorded] == []


def _shown(idp, **body):
    idp.post("/oauth/token", json_body={"client_id": "web"} | body)
    return idp.tenant.journal.last("token").parameters


@pytest.mark.parametrize("depth", [17, 100, 199])
def test_json_that_is_nested_too_deeply_is_only_described(idp, depth):
    nested = []
    for _ in range(depth):
        nested = [nested]
    code = idp.callback()["code"]
    answer = idp.post(
        "/oauth/token",
        json_body={
            "client_id": "web", "client_secret": "web-secret", "grant_type": "authorization_code",
            "code": code, "redirect_uri": CALLBACK, "nested": nested,
        },
    )  # fmt: skip
    assert answer.status_code == 200
    assert idp.tenant.journal.last("token").parameters["nested"] == "(too large to be shown)"


def test_private_keys_and_sessions_of_enrollments_are_not_shown(idp):
    shown = _shown(idp, options={"privateKey": "-----BEGIN"}, auth_session="Fe26.2*" + "x" * 80)
    assert shown["options"] == {"privateKey": "***"}
    assert shown["auth_session"] == "Fe26.2*x..."


def test_json_of_a_moderate_size_is_shown(idp):
    assert _shown(idp, nested=[[["a"]], {"b": 1}])["nested"] == [[["a"]], {"b": 1}]


def test_json_of_many_values_is_only_described(idp):
    assert _shown(idp, many=[{}] * 201)["many"] == "(too large to be shown)"
    assert _shown(idp, many=[{}] * 200)["many"] == [{}] * 200


def test_an_entry_keeps_a_bounded_part_of_what_was_sent(idp):
    sent = {f"p{number}": "x" * 1900 for number in range(20)}
    shown = _shown(idp, **sent)
    assert len(str(shown)) < 10_000
    assert shown["p0"] == "x" * 1900
    assert shown["p19"] == "(too large to be shown)"


def test_a_long_run_of_a_name_is_searched_in_linear_time(idp):
    # A naive pattern takes quadratic time here.
    assert _shown(idp, text="bewit" * 12_000 + "=")["text"] == "bewit" * 400
