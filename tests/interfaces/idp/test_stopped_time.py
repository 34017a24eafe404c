"""freezegun and time-machine in the same test: tenant, client and verifier have one time."""

import json
import threading
import time
import urllib.request
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import freezegun
import jwt
import pytest
import time_machine

from mockidp import MockIdP, MockIdPError

MOMENT = "2031-05-05T00:00:00Z"
SECONDS = datetime(2031, 5, 5, tzinfo=UTC).timestamp()
API = "https://api.example/"
LIBRARIES = {
    "freezegun": lambda: freezegun.freeze_time(MOMENT),
    "time-machine": lambda: time_machine.travel(MOMENT, tick=False),
}


@pytest.fixture(params=LIBRARIES)
def stop_time(request):
    return LIBRARIES[request.param]


@pytest.fixture(scope="module")
def served():
    with MockIdP() as idp:
        yield idp


@pytest.fixture
def idp(served):
    served.reset()
    return served


def get(url, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(urllib.request.Request(url, headers=headers), timeout=5)


def date_of(idp):
    with get(f"{idp.url}/.well-known/jwks.json") as answer:
        return parsedate_to_datetime(answer.headers["Date"]).timestamp()


def verify(idp, token):
    """Verify as an API does, the times included: PyJWT has the process's."""
    with get(f"{idp.url}/.well-known/jwks.json") as answer:
        keys = jwt.PyJWKSet.from_dict(json.load(answer))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["RS256"], audience=API, issuer=idp.issuer)


def test_the_server_s_time_is_the_process_s(idp, stop_time):
    with stop_time():
        assert date_of(idp) == idp.clock.now() == SECONDS
    assert abs(date_of(idp) - time.time()) < 60


def test_tokens_are_stamped_with_the_stopped_time_and_verified_in_it(idp, stop_time):
    with stop_time():
        token = idp.access_token(audience=API, user="alice", scope="openid")
        assert verify(idp, token)["iat"] == SECONDS
        with get(f"{idp.url}/userinfo", token) as answer:
            assert json.load(answer)["sub"] == "auth0|alice"
    with pytest.raises(jwt.ImmatureSignatureError):
        verify(idp, token)


def test_a_token_expires_when_the_library_moves_the_time():
    idp = MockIdP(url="http://localhost:9400")
    with freezegun.freeze_time(MOMENT) as stopped:
        token = idp.access_token(audience=API, expires_in=60)
        assert idp.explain(token).accepted
        stopped.tick(60)
        assert not idp.explain(token).accepted
    with time_machine.travel(MOMENT, tick=False) as traveller:
        token = idp.access_token(audience=API, expires_in=60)
        traveller.shift(59)
        assert idp.explain(token).accepted
        traveller.shift(1)
        assert not idp.explain(token).accepted


def test_the_tenant_s_own_clock_wins_and_what_is_set_comes_on_top(idp, stop_time):
    with stop_time():
        idp.clock.advance(60)
        assert date_of(idp) == SECONDS + 60
        idp.clock.freeze("2040-01-01T00:00:00Z")
        assert date_of(idp) == datetime(2040, 1, 1, tzinfo=UTC).timestamp()
        idp.clock.resume()
        assert date_of(idp) == datetime(2040, 1, 1, tzinfo=UTC).timestamp()
        idp.clock.offset(0)
        assert date_of(idp) == SECONDS
        idp.clock.freeze()
    assert date_of(idp) == SECONDS, "it was frozen by itself"


def test_it_can_be_made_started_and_stopped_in_stopped_time(stop_time):
    with stop_time(), MockIdP() as idp:
        assert date_of(idp) == SECONDS
    assert not idp.is_served


def test_a_rotation_during_and_after_stopped_time_is_published(idp, stop_time):
    with stop_time():
        idp.rotate_keys()
        token = idp.access_token(audience=API)
        assert verify(idp, token)
    idp.rotate_keys()
    assert verify(idp, idp.access_token(audience=API))


def test_a_datetime_of_stopped_time_is_a_moment(idp, stop_time):
    with stop_time():
        moment = datetime.now(UTC)
        idp.clock.freeze(moment)
    assert idp.clock.now() == SECONDS


def test_the_journal_waits_in_real_time(idp, stop_time):
    with stop_time():
        thread = threading.Thread(target=date_of, args=[idp])
        thread.start()
        (entry,) = idp.journal.wait_for("jwks")
        thread.join()
        assert entry.at == SECONDS
        with pytest.raises(MockIdPError, match=r"Waited 0\.05 s for 1 x token"):
            idp.journal.wait_for("token", timeout=0.05)


def test_a_delayed_answer_is_late_in_real_time(idp, stop_time):
    fault = idp.fault("jwks", delay=0.05)
    with stop_time():
        assert date_of(idp) == SECONDS
    assert fault.fired == 1
