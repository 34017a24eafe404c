"""Statistics of the Management API."""

from helpers.accounts import sign_up

DAY = 86400


def test_active_users_have_logged_in_within_30_days(idp):
    assert idp.call("GET", "/stats/active-users").json == 0
    idp.tokens()
    idp.password_token()
    idp.password_token(username="bob@acme.example")
    assert idp.call("GET", "/stats/active-users").json == 2


def test_logins_and_sign_ups_are_counted_by_day(idp):
    midnight = idp.tenant.now() // DAY * DAY
    idp.tenant.clock.freeze(midnight - 1)
    idp.password_token()
    idp.password_token(password="wrong")
    sign_up(idp)
    idp.later(1)
    idp.password_token()
    first, second = _daily(idp)
    assert list(first) == [
        "date", "created_at", "leaked_passwords", "logins", "signups", "updated_at",
    ]  # fmt: skip
    assert (first["logins"], first["signups"], second["logins"]) == (1, 1, 1)
    day = second["date"][:10].replace("-", "")
    assert _daily(idp, **{"from": day, "to": day}) == [second]


def test_a_wrong_day_is_refused(idp):
    answer = idp.call("GET", "/stats/daily", to="today")
    assert (answer.status_code, answer.json["errorCode"]) == (400, "invalid_query_string")


def _daily(idp, **query):
    answer = idp.call("GET", "/stats/daily", **query)
    assert answer.status_code == 200, answer.text
    return answer.json
