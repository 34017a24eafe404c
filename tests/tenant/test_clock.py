"""The methods of the clock: freeze, set, advance, offset, resume and skew."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.tenant.clock import LATEST, Clock, ClockSetting, to_seconds

NOON = 1896091200.0
INSTANTS = st.floats(min_value=1, max_value=LATEST - 1e9)
SOME = st.floats(min_value=-1e8, max_value=1e8)


@pytest.fixture
def machine(monkeypatch):
    """A machine whose time the test sets."""

    class Machine:
        time = 1000.0

    machine = Machine()
    monkeypatch.setattr(time, "time", lambda: machine.time)
    return machine


@pytest.fixture
def clock(machine):
    return Clock()


def test_a_clock_runs_with_the_machines_clock(machine, clock):
    assert clock.now() == 1000
    machine.time += 5
    assert clock.now() == 1005


def test_a_frozen_clock_does_not_move_with_the_machines_clock(machine, clock):
    clock.freeze()
    machine.time += 5
    assert clock.now() == 1000
    clock.freeze(NOON)
    assert clock.now() == NOON


def test_a_clock_that_is_set_continues_unless_it_is_frozen(machine, clock):
    clock.set(NOON)
    machine.time += 5
    assert clock.now() == NOON + 5
    clock.freeze()
    clock.set(NOON)
    machine.time += 5
    assert clock.now() == NOON


def test_a_running_or_frozen_clock_can_be_advanced(machine, clock):
    clock.advance(60)
    machine.time += 5
    assert clock.now() == 1065
    clock.freeze()
    clock.advance(timedelta(minutes=1).total_seconds())
    clock.advance(-0.5)
    machine.time += 5
    assert clock.now() == 1124.5


def test_an_offset_is_added_to_the_machines_time_and_ends_a_freeze(machine, clock):
    clock.freeze(NOON)
    clock.offset(-100)
    assert clock.now() == 900
    clock.offset(100)
    machine.time += 5
    assert clock.now() == 1105
    clock.offset(0)
    assert clock.now() == machine.time


def test_a_resumed_clock_continues_from_its_frozen_time(machine, clock):
    clock.freeze(NOON)
    clock.resume()
    machine.time += 5
    assert clock.now() == NOON + 5
    clock.resume()
    assert clock.now() == NOON + 5


def test_skew_changes_only_the_time_of_tokens(clock):
    clock.freeze(NOON)
    clock.skew = 90
    assert (clock.now(), clock.issue_time(), clock.skew) == (NOON, NOON + 90, 90)
    clock.skew = -90.5
    assert clock.issue_time() == NOON - 90.5
    clock.resume()
    assert clock.skew == -90.5


@pytest.mark.parametrize(
    "instant",
    [
        NOON,
        int(NOON),
        "2030-01-31T12:00:00Z",
        "2030-01-31T13:30:00+01:30",
        "2030-01-31 12:00:00.000+00:00",
        "20300131T120000Z",
        datetime(2030, 1, 31, 12, tzinfo=UTC),
        datetime(2030, 1, 31, 7, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_time_is_seconds_a_datetime_or_text(clock, instant):
    clock.freeze(instant)
    assert clock.now() == NOON
    assert isinstance(clock.now(), float)


@pytest.mark.parametrize(
    ("instant", "error", "message"),
    [
        ("noon", ValueError, "Expected a time, found 'noon'. Write it as 2030-01-31T12:00:00Z."),
        ("2030-01-31T12:00:00", ValueError, "Time 2030-01-31T12:00:00 has no time zone. Add Z"),
        ("2030-01-31", ValueError, "has no time zone"),
        (datetime(2030, 1, 31), ValueError, "has no time zone"),  # noqa: DTZ001 - what is tested
        (-1, ValueError, "Time -1 is outside the years 1970 to 9999"),
        (LATEST + 1, ValueError, "is outside the years 1970 to 9999"),
        (float("nan"), ValueError, "nan is outside"),
        (float("inf"), ValueError, "inf is outside"),
        ("1969-12-31T23:59:59Z", ValueError, "is outside"),
        (
            date(2030, 1, 31),
            TypeError,
            r"Expected a time, found datetime.date\(2030, 1, 31\). Give seconds",
        ),
        (timedelta(days=1), TypeError, "Expected a time, found"),
        (b"2030-01-31T12:00:00Z", TypeError, "Expected a time, found"),
    ],
)
@pytest.mark.parametrize("verb", [Clock.freeze, Clock.set])
def test_a_value_that_is_not_a_time_is_refused_and_changes_nothing(
    clock, verb, instant, error, message
):
    with pytest.raises(error, match=message):
        verb(clock, instant)
    assert clock.now() == 1000


@pytest.mark.parametrize(
    ("seconds", "message"),
    [
        (float("nan"), "Expected a number of seconds, found nan"),
        (float("inf"), "Expected a number of seconds, found inf"),
        pytest.param(
            10**400, r"Expected a number of seconds, found 10+\.", id="too large for a float"
        ),
        (-1e300, "is outside the years 1970 to 9999"),
        (1e12, "is outside the years 1970 to 9999"),
        (-1001, "is outside the years 1970 to 9999"),
    ],
)
@pytest.mark.parametrize("verb", [Clock.advance, Clock.offset])
@pytest.mark.parametrize("frozen", [False, True])
def test_a_clock_does_not_leave_the_years_1970_to_9999(clock, verb, frozen, seconds, message):
    if frozen:
        clock.freeze()
    with pytest.raises(ValueError, match=message):
        verb(clock, seconds)
    assert clock.now() == 1000


@pytest.mark.parametrize(
    "seconds", [float("nan"), float("-inf"), 1e300, pytest.param(-(10**400), id="too large")]
)
def test_a_skew_is_a_number_of_seconds(clock, seconds):
    with pytest.raises(ValueError, match=r"found (nan|-inf|-10+)\.$|than a clock can be"):
        clock.skew = seconds
    assert clock.skew == 0


def test_a_setting_can_be_read_and_restored(clock):
    clock.freeze(NOON)
    clock.skew = 5
    setting = clock.setting
    clock.offset(7)
    clock.skew = 0
    clock.setting = setting
    assert (clock.now(), clock.issue_time()) == (NOON, NOON + 5)


@given(instant=INSTANTS, seconds=SOME)
def test_all_methods_of_a_frozen_clock_are_exact(instant, seconds):
    clock = Clock()
    clock.freeze(instant)
    if 0 <= instant + seconds <= LATEST:
        clock.advance(seconds)
        assert clock.now() == instant + seconds
    clock.set(instant)
    assert clock.now() == instant
    text = datetime.fromtimestamp(int(instant), UTC).isoformat()
    assert to_seconds(text) == int(instant)


@given(instant=INSTANTS)
def test_a_running_clock_never_goes_back(instant):
    clock = Clock()
    clock.freeze(instant)
    clock.resume()
    first, second = clock.now(), clock.now()
    assert instant - 1e-3 <= first <= second


def test_a_running_clock_stops_at_the_end_of_the_year_9999():
    clock = Clock()
    clock.setting = ClockSetting(offset=LATEST)
    assert clock.now() == LATEST
