"""With freezegun and time-machine, tenant, client and verifier use the same time."""

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

INSTANT = "2031-05-05T00:00:00Z"
SECONDS = datetime(2031, 5, 5, tzinfo=UTC).timestamp()
API = "https://api.example/"
LIBRARIES = {
    "freezegun": lambda: freezegun.freeze_time(INSTANT),
    "time-machine": lambda: time_machine.travel(INSTANT, tick=False),
}


@pytest.fixture(params=LIBRARIES)
def freeze_time(request):
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
    """Verify a token as an API does. PyJWT uses the time of the process."""
    with get(f"{idp.url}/.well-known/jwks.json") as answer:
        keys = jwt.PyJWKSet.from_dict(json.load(answer))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["RS256"], audience=API, issuer=idp.issuer)


def test_the_server_uses_the_time_of_the_process(idp, freeze_time):
    with freeze_time():
        assert date_of(idp) == idp.clock.now() == SECONDS
    assert abs(date_of(idp) - time.time()) < 60


def test_tokens_are_issued_and_verified_in_frozen_time(idp, freeze_time):
    with freeze_time():
        token = idp.access_token(audience=API, user="alice", scope="openid")
        assert verify(idp, token)["iat"] == SECONDS
        with get(f"{idp.url}/userinfo", token) as answer:
            assert json.load(answer)["sub"] == "auth0|alice"
    with pytest.raises(jwt.ImmatureSignatureError):
        verify(idp, token)


def test_a_token_expires_when_the_library_moves_the_time():
    idp = MockIdP(url="http://localhost:9400")
    with freezegun.freeze_time(INSTANT) as frozen:
        token = idp.access_token(audience=API, expires_in=60)
        assert idp.explain(token).accepted
        frozen.tick(60)
        assert not idp.explain(token).accepted
    with time_machine.travel(INSTANT, tick=False) as traveller:
        token = idp.access_token(audience=API, expires_in=60)
        traveller.shift(59)
        assert idp.explain(token).accepted
        traveller.shift(1)
        assert not idp.explain(token).accepted


def test_changes_of_the_tenant_clock_are_added_to_frozen_time(idp, freeze_time):
    with freeze_time():
        idp.clock.advance(60)
        assert date_of(idp) == SECONDS + 60
        idp.clock.freeze("2040-01-01T00:00:00Z")
        assert date_of(idp) == datetime(2040, 1, 1, tzinfo=UTC).timestamp()
        idp.clock.resume()
        assert date_of(idp) == datetime(2040, 1, 1, tzinfo=UTC).timestamp()
        idp.clock.offset(0)
        assert date_of(idp) == SECONDS
        idp.clock.freeze()
    assert date_of(idp) == SECONDS, "the clock itself was frozen"


def test_it_can_be_created_started_and_stopped_in_frozen_time(freeze_time):
    with freeze_time(), MockIdP() as idp:
        assert date_of(idp) == SECONDS
    assert not idp.is_served


def test_a_rotation_during_and_after_frozen_time_is_published(idp, freeze_time):
    with freeze_time():
        idp.rotate_keys()
        token = idp.access_token(audience=API)
        assert verify(idp, token)
    idp.rotate_keys()
    assert verify(idp, idp.access_token(audience=API))


def test_the_clock_accepts_a_datetime_of_frozen_time(idp, freeze_time):
    with freeze_time():
        instant = datetime.now(UTC)
        idp.clock.freeze(instant)
    assert idp.clock.now() == SECONDS


def test_the_journal_waits_in_real_time(idp, freeze_time):
    with freeze_time():
        thread = threading.Thread(target=date_of, args=[idp])
        thread.start()
        (entry,) = idp.journal.wait_for("jwks")
        thread.join()
        assert entry.at == SECONDS
        with pytest.raises(MockIdPError, match=r"Waited 0\.05 s for 1 x token"):
            idp.journal.wait_for("token", timeout=0.05)


def test_a_delayed_answer_is_late_in_real_time(idp, freeze_time):
    fault = idp.fault("jwks", delay=0.05)
    with freeze_time():
        assert date_of(idp) == SECONDS
    assert fault.fired == 1
