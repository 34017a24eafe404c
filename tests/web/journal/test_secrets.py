"""No entry of the journal holds a secret whole."""

from acme import API, PASSWORD_OF_ALL
from tenant_client import basic

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
    told = idp.tenant.journal.to_json()
    assert len(answers) < len(idp.tenant.journal)
    assert [secret for secret in secrets if secret in told] == []
