"""The link doctor: it agrees with the answer that opening the link gets, and makes a better link."""

from collections import Counter
from dataclasses import replace
from functools import partial
from random import Random
from urllib.parse import unquote, unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from helpers.acme import with_settings
from helpers.console_browser import ConsoleBrowser
from helpers.html_page import Page
from helpers.tenant_client import hint
from mockidp.flows.impersonation import check
from mockidp.flows.impersonation.spans import differing_spans
from mockidp.web.console import link_doctor
from mockidp.web.console.link_doctor import segments

URL = "http://localhost:9400"
CHARACTERS = "&?=%|/#2CcFf;. bewit" + "".join(map(chr, range(0x21, 0x7F)))
NO_ENDPOINT = "Neither Auth0 nor this mock has such an endpoint. "


def made_link(console, **parameters):
    answer = console.post(
        "/_mockidp/v1/impersonation-links",
        json_body={"user": "alice", "client": "web", "state": "s1"} | parameters,
    )
    return answer.json["url"]


def diagnose(console, thing):
    console.open("/link")
    answer = console.send("/link", thing=thing)
    assert answer.status_code == 200, answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    console.page = type(console.page)(answer.text)
    return console.page


def opened(console, url):
    """Open a link byte for byte, as a browser without cookies does: without the fragment."""
    target = url.removeprefix(URL).partition("#")[0]
    path, _, query = target.partition("?")
    raw = {
        "REQUEST_URI": target,
        "RAW_URI": target,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": "localhost:9400",
    }
    return Client(console.app).get("/", environ_overrides=raw)


def test_every_check_has_words():
    assert tuple(link_doctor.CHECKS) == check.CHECKS


def test_an_appended_parameter_is_found_and_carried_in_the_state_instead(console):
    link = made_link(console)
    refused = opened(console, f"{link}&next=/admin")
    assert refused.json["error_description"] == "Impersonation - Bad mac"
    diagnose(console, f"{link}&next=/admin")
    [verdict] = console.text("verdict")
    assert verdict.startswith("The link is refused Impersonation - Bad mac")
    assert hint(refused).replace("`", "") in verdict
    assert console.text("received") == [f"{link} added: &next=/admin"]
    assert console.text("signed") == [link]
    assert "failed The MAC is that of this URL" in console.text("checks")[0]
    assert "not reached The state is not empty" in console.text("checks")[0]
    answer = console.send("/link/make")
    console.page = type(console.page)(answer.text)
    [made] = console.text("impersonation-link")
    landed = opened(console, made)
    assert landed.status_code == 302
    assert landed.location.startswith("http://localhost:3000/callback?")
    assert "state=%2Fadmin" in landed.location


def test_a_valid_link_is_not_used_up(console):
    link = made_link(console)
    diagnose(console, link)
    assert console.text("verdict")[0].startswith("The link is valid")
    assert console.text("make-link") == []
    assert opened(console, link).status_code == 302
    diagnose(console, link)
    assert "was already used" in console.text("verdict")[0]


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda link: link.replace("%7C", "|"), "|"),
        (lambda link: link.replace("localhost", "127.0.0.1"), "127.0.0.1"),
        (lambda link: link.replace("http:", "https:"), "https"),
        (lambda link: link.replace("?&bewit", "?bewit"), "bewit"),
        (lambda link: link.replace("&", "&amp;"), "&amp;"),
        (lambda link: link.replace("alice", "bob"), "bob"),
    ],
)
def test_the_doctor_names_what_was_changed(console, change, cause):
    diagnose(console, change(made_link(console)))
    [verdict] = console.text("verdict")
    assert verdict.startswith("The link is refused")
    assert cause in verdict


def test_an_empty_state_is_the_last_check(console):
    diagnose(console, made_link(console, state=""))
    assert "failed The state is not empty" in console.text("checks")[0]
    console.open("/link")
    assert console.page.find("textarea")


def test_an_expired_link_says_so(console):
    link = made_link(console)
    console.later(3600)
    diagnose(console, link)
    assert "failed The link has not expired" in console.text("checks")[0]


def test_a_link_of_another_mock_has_nothing_to_compare(console):
    diagnose(console, made_link(ConsoleBrowser(with_settings())))
    assert console.text("signed") == []
    assert "This tenant does not know the link." in console.page.text


@pytest.mark.parametrize("thing", ["hello", "http://localhost:3000/?x=1", "a.b.c"])
def test_something_else_is_no_link(console, thing):
    diagnose(console, thing)
    assert console.text("verdict")[0].startswith("This is not an impersonation link")
    assert console.text("diff") == []


@pytest.fixture(scope="module")
def lasting():
    document = with_settings(impersonation=replace(with_settings().mockidp.impersonation, ttl=9999))
    return ConsoleBrowser(document)


def changes(count):
    """Yield functions that each change a link at one place, always the same ones."""
    random = Random(16)
    for _ in range(count):
        at, drop = random.random(), random.randint(0, 3)
        text = "".join(random.choices(CHARACTERS, k=random.randint(0, 6)))
        yield partial(changed_at, at=at, text=text, drop=drop)
    yield lambda link: f"{link}&next=/admin"
    yield lambda link: f"{link}#next"


def changed_at(link, *, at, text, drop):
    """Change a link after its first slash, so that it reaches this tenant."""
    first = len(URL) + 1
    place = first + int(at * (len(link) - first))
    return link[:place] + text + link[place + drop :]


def test_the_doctor_agrees_with_the_answers_to_500_changed_links(lasting):
    link, statuses = made_link(lasting), Counter()
    token = lasting.open("/link").values(0)["form_token"]
    for change in changes(500):
        thing = change(link)
        lasting.page = Page(lasting.post("/_mockidp/link", form_token=token, thing=thing).text)
        [verdict] = lasting.text("verdict")
        answer = opened(lasting, thing)
        statuses[answer.status_code] += 1
        if answer.status_code == 302:
            assert "callback" in answer.location
            assert verdict.startswith("The link is valid"), thing
            link = made_link(lasting)
        else:
            assert verdict.startswith("The link is refused"), thing
            sent = thing.partition("#")[0]
            if "bewit=" in sent or "/impersonate" in sent:
                shown = unquote(verdict).replace("`", "")
                assert reason(answer).replace("`", "") in shown, thing
            else:  # nothing of the link has arrived
                assert answer.status_code == 404
    assert all(statuses[one] > 5 for one in (302, 400, 401, 404))


def reason(answer):
    """Return the cause in the hint of a refusal."""
    text = unquote(hint(answer))
    for general in (NO_ENDPOINT, "This path has only impersonation links. "):
        text = text.removeprefix(general)
    assert text
    return text


@settings(max_examples=200, deadline=None)
@given(
    at=st.floats(0, 1),
    text=st.text(st.sampled_from(CHARACTERS), max_size=6),
    drop=st.integers(0, 6),
)
def test_without_its_marks_each_side_is_the_url(at, text, drop):
    signed = f"{URL}/users/auth0%7Calice/impersonate?&bewit=YWJjZGVm"
    place = int(at * len(signed))
    received = signed[:place] + text + signed[place + drop :]
    spans = differing_spans(signed, received)
    assert "".join(one.text for one in segments(signed, spans, is_signed=True)) == signed
    assert "".join(one.text for one in segments(received, spans, is_signed=False)) == received
    same = [
        "".join(one.text for one in segments(url, spans, is_signed=is_signed) if not one.kind)
        for url, is_signed in ((signed, True), (received, False))
    ]
    assert same[0] == same[1]
