"""Back-channel logout: the provider tells the relying party that a session has ended."""

from helpers.backchannel_app import BackchannelApp
from helpers.oidf.oracle import check_logout_token, read_jwt
from helpers.oidf.relying_party import AFTER_LOGOUT, CALLBACK, SECRETS


def test_oidcc_backchannel_logout_discovery_endpoint_verification(provider):
    assert provider.metadata["backchannel_logout_supported"] is True
    assert provider.metadata["backchannel_logout_session_supported"] is True
    assert provider.metadata["end_session_endpoint"].startswith(f"{provider.url}/")
    provider.check_https()


def test_oidcc_backchannel_rp_initiated_logout(rp, provider):
    with BackchannelApp().served() as app:
        provider.idp.add_client(
            "told",
            client_secret=SECRETS["told"],
            callbacks=[CALLBACK],
            allowed_logout_urls=[AFTER_LOGOUT],
            oidc_logout={"backchannel_logout_urls": [app.url]},
        )
        told = rp.another("told")
        login = told.log_in()
        assert app.posted == []
        told.check_returned(*told.log_out(login))
        provider.idp.logout_tokens(client="told", sid=login.claims["sid"], times=1)
    (posted,) = app.posted
    assert set(posted) == {"logout_token", "type", "path"}
    assert posted["type"] == "application/x-www-form-urlencoded"
    header, claims = read_jwt(posted["logout_token"], provider.keys)
    check_logout_token(claims, id_token=login.claims, now=provider.now)
    assert header["typ"] == "logout+jwt"
