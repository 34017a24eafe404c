"""The transcript of the control API is replayed. It contains every call."""

import contextlib
import re
from pathlib import Path

import pytest

from helpers.transcript import connect, read_transcript, replay
from mockidp import MockIdP
from mockidp.web.control.operation import PREFIX
from mockidp.web.control.operations import OPERATIONS

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "any-language.md").read_text()


@pytest.fixture
def connection():
    with MockIdP() as idp, contextlib.closing(connect(idp.url)) as connection:
        yield connection


def test_every_response_matches_the_page(connection):
    values = {}
    for step in read_transcript(PAGE):
        assert replay(step, connection, values) == [], step.request.start


def test_the_page_shows_every_call_of_the_control_api():
    shown = [step.request.start.split()[:2] for step in read_transcript(PAGE)]
    for one in OPERATIONS:
        path = re.escape(PREFIX + one.path).replace(re.escape("{id}"), "[^/]+")
        called = re.compile(rf"(?:/t/[^/]+)?{path}(?:\?.*)?")
        assert any(m == one.method and called.fullmatch(target) for m, target in shown), one.name


def test_all_code_blocks_are_http():
    assert set(re.findall(r"^```(.+)$", PAGE, re.MULTILINE)) == {"http"}


@pytest.mark.parametrize(
    ("shown", "difference"),
    [
        ('HTTP/1.1 200 OK\n\n{"status": "ok"}', []),
        ('HTTP/1.1 200 OK\n\n{\n  "status":\n  "{{how}}"\n}', []),
        ("HTTP/1.1 200 OK\nContent-Type: application/json\n\n{...}", []),
        ('HTTP/1.1 200 OK\n\n{"status": "bad"}', ['body: {"status":"ok"}']),
        ("HTTP/1.1 200 OK", ['body: {"status":"ok"}']),
        ("HTTP/1.1 204 No Content\n\n...", ["status: 200"]),
        ("HTTP/1.1 200 OK\nContent-Type: text/plain\n\n...", ["Content-Type: application/json"]),
        ("HTTP/1.1 200 OK\nLocation: /\n\n...", ["Location: None"]),
    ],
)
def test_the_replay_reports_differences(connection, shown, difference):
    (step,) = read_transcript(f"```http\nGET /_mockidp/health HTTP/1.1\n\n{shown}\n```\n")
    assert replay(step, connection, {}) == difference
