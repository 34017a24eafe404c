"""The happy flows, and parameters that must not change them."""

from helpers.oidf.oracle import CLAIMS_OF_SCOPE, PROTOCOL_CLAIMS, read_jwt


def test_oidcc_server(rp):
    login = rp.log_in()
    assert set(login.claims) <= PROTOCOL_CLAIMS
    assert set(login.front) <= PROTOCOL_CLAIMS


def test_oidcc_response_type_missing(rp):
    request = rp.request(response_type=None)
    mode = rp.run.response_mode or "query"
    rp.expect_error(request, "invalid_request", "unsupported_response_type", mode=mode)


def test_oidcc_idtoken_signature(rp, provider):
    header, _ = read_jwt(rp.log_in().id_token, provider.keys)
    assert header["alg"] == "RS256"
    assert header["kid"]


def test_oidcc_idtoken_rs256(rp, provider):
    assert "RS256" in provider.metadata["id_token_signing_alg_values_supported"]
    assert read_jwt(rp.log_in().id_token, provider.keys)[0]["alg"] == "RS256"


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(rp):
    assert "nonce" not in rp.log_in(nonce=None).claims


def test_oidcc_ensure_request_without_nonce_fails(rp):
    rp.expect_error(rp.request(nonce=None), "invalid_request")


def test_oidcc_alternate_happy_flow(rp):
    request = dict(reversed(rp.request(scope="email openid").items()))
    login = rp.finish(request, rp.authorize(request))
    if login.access_token:
        claims = rp.userinfo(login)
        assert CLAIMS_OF_SCOPE["email"] <= set(claims)
        assert not CLAIMS_OF_SCOPE["profile"] & set(claims)


def test_oidcc_display_page(rp):
    assert rp.log_in(display="page").arrival.pages == ["/u/login"]


def test_oidcc_display_popup(rp):
    assert rp.log_in(display="popup").arrival.pages == ["/u/login"]


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(rp):
    rp.log_in(extra="foobar")


def test_oidcc_login_hint(rp):
    assert rp.log_in(login_hint="alice@acme.example").arrival.pages == ["/u/login"]


def test_oidcc_ui_locales(rp):
    assert rp.log_in(ui_locales="se").arrival.pages == ["/u/login"]


def test_oidcc_claims_locales(rp):
    rp.log_in(claims_locales="se")


def test_oidcc_ensure_request_with_acr_values_succeeds(rp, provider):
    supported = provider.metadata["acr_values_supported"]
    login = rp.log_in(acr_values=" ".join(supported))
    assert login.claims["acr"] in supported
    assert login.front.get("acr") in {login.claims["acr"], None}


def test_oidcc_ensure_post_request_succeeds(rp):
    rp.log_in(method="POST")
