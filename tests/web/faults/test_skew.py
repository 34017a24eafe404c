"""A skewed clock: the times that it changes, and those that it does not."""

from helpers.acme import ACME, API, with_client
from helpers.tenant_client import claims_of
from mockidp.resources.client_tokens import JwtConfiguration


def test_a_skewed_clock_stamps_tokens_and_nothing_else(make_idp):
    idp = make_idp(
        with_client(ACME, "web", jwt_configuration=JwtConfiguration(lifetime_in_seconds=60))
    )
    idp.tenant.clock.skew = 300
    now = int(idp.tenant.now())
    answer = idp.password_token(scope="openid", audience=API)
    for name, lifetime in (("id_token", 60), ("access_token", 86400)):
        claims = claims_of(answer.json[name])
        assert (claims["iat"], claims["exp"]) == (now + 300, now + 300 + lifetime)
    assert idp.userinfo(answer.json["access_token"]).status_code == 200
    from email.utils import parsedate_to_datetime

    assert parsedate_to_datetime(answer.headers["Date"]).timestamp() == now


def test_a_clock_that_is_behind_makes_tokens_expire_early(idp):
    idp.tenant.clock.skew = -90_000
    token = idp.password_token(scope="openid", audience=API).json["access_token"]
    assert idp.userinfo(token).status_code == 401
