"""The page of the clock: move it, stop it, and see what expires."""

import pytest

from helpers.html_page import Page
from mockidp.protocol.tokens.artifacts import BlacklistedToken
from mockidp.tenant.clock import Clock, to_seconds
from mockidp.web.console.duration import in_words

NOW = 1_700_000_000.0
DAY = 86400


@pytest.fixture
def clock(console):
    console.tenant.clock.freeze(NOW)
    return console.tenant.clock


def send(console, **change):
    """Send a form with one change, and open the page again."""
    console.open("/clock")
    numbers = [
        number
        for number, one in enumerate(console.page.forms)
        if set(one["fields"]) == {"form_token", *change}
    ]
    token = console.page.values(numbers[0])["form_token"]
    answer = console.post("/_mockidp/clock", form_token=token, **change)
    if answer.status_code == 303:
        assert answer.location.endswith("/_mockidp/clock")
        console.open("/clock")
    return answer


def test_it_shows_the_time_and_whether_the_clock_stands_still(console, clock):
    console.open("/clock")
    assert console.text("now") == ["2023-11-14 22:13:20 UTC"]
    assert "stopped" in console.page.text
    assert console.text("resume") == ["Continue from here"]
    assert console.text("freeze") == []


@pytest.mark.parametrize("seconds", [60, 3600, DAY, 30 * DAY])
def test_buttons_advance_the_clock(console, clock, seconds):
    console.open("/clock")
    assert len(console.text(f"advance-{seconds}")) == 1
    send(console, advance=str(seconds))
    assert clock.now() == NOW + seconds


def test_the_slider_advances_the_clock_and_says_what_will_have_expired(console, clock):
    console.get("/authorize", client_id="web", response_type="code", state="s",
                redirect_uri="http://localhost:3000/callback")  # fmt: skip
    page = console.open("/clock")
    texts = [page.elements[one][1]["data-text"] for one in page.find("option")]
    assert [one.partition(":")[0] for one in texts] == [
        "now", "in 1 min", "in 1 h", "in 1 d", "in 7 d", "in 30 d", "in 1 y",
    ]  # fmt: skip
    assert texts[0].endswith("Expired then: 0 of 1 records.")
    assert texts[2].endswith("Expired then: 1 of 1 records.")
    before = console.tenant.now()
    send(console, position="2")
    assert console.tenant.now() - before == pytest.approx(3600)


def test_it_is_set_to_a_time(console, clock):
    send(console, set="2030-01-31T12:00:00")
    assert clock.now() == to_seconds("2030-01-31T12:00:00Z")
    assert console.text("now") == ["2030-01-31 12:00:00 UTC"]


def test_it_continues_from_the_frozen_time(console, clock):
    send(console, resume="true")
    assert clock.setting.frozen_at is None
    assert NOW <= clock.now() < NOW + 60
    assert "behind the machine's clock" in console.text("now")[0]


def test_it_goes_back_to_real_time_and_is_frozen_again(console, clock):
    send(console, offset="0")
    assert abs(clock.now() - Clock().now()) < 60
    assert console.text("now")[0].endswith(", the machine's time")
    send(console, advance="7200")
    assert console.text("now")[0].endswith(", 2 h ahead of the machine's clock")
    send(console, freeze="now")
    assert clock.setting.frozen_at is not None


def test_tokens_can_be_stamped_ahead_of_the_date(console, clock):
    send(console, skew="90")
    assert clock.skew == 90
    assert "Tokens are stamped 90.0 s later than Date." in console.page.text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"set": "yesterday"}, "Expected a time, found 'yesterdayZ'"),
        ({"advance": "much"}, "Expected a number of seconds, found 'much'."),
        ({"advance": "1e300"}, "outside the years 1970 to 9999"),
        ({"position": "7"}, "The slider has no position '7'."),
        ({"skew": "nan"}, "Expected a number of seconds, found nan."),
    ],
)
def test_a_time_that_does_not_exist_is_refused(console, clock, change, message):
    refused = send(console, **change)
    assert refused.status_code == 400
    assert message in Page(refused.text).text
    assert clock.now() == NOW


def test_a_form_without_a_change_is_refused(console, clock):
    token = console.open("/clock").values(0)["form_token"]
    refused = console.post("/_mockidp/clock", form_token=token)
    assert refused.status_code == 400
    assert "The clock was not changed." in Page(refused.text).text


def test_it_counts_what_will_have_expired(console, clock):
    console.open("/clock")
    assert console.text("nothing") == ["Nothing has been issued that can expire."]
    tokens, blacklisted = console.tenant.blacklisted_tokens, BlacklistedToken(jti="1")
    for key, lifetime in {"a": 60, "b": 3600, "c": 31 * DAY, "past": -1}.items():
        tokens.put(key, blacklisted, expires_at=NOW + lifetime)
    tokens.put("endless", blacklisted)
    console.open("/clock")
    assert console.text("expiring") == [
        "blacklisted tokensvalid now: 3in 1 min: 1in 1 h: 2in 1 d: 2in 30 d: 2"
    ]
    send(console, advance="60")
    assert console.text("expiring")[0].startswith("blacklisted tokensvalid now: 2in 1 min: 0")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (0.4, "0 s"), (59, "59 s"), (-3600, "1 h"), (93784, "1 d 2 h 3 min 4 s")],
)
def test_durations_are_in_words(seconds, words):
    assert in_words(seconds) == words
