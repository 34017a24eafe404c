"""Reports of many mistakes are bounded in length and cost."""

import json
from difflib import get_close_matches

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockidp.codec import report
from mockidp.codec.mistakes import ConfigError
from mockidp.protocol.errors.nearest import nearest
from mockidp.tenant.config.load import parse_tenant

MANY = 1500
CLIENTS = [{"client_id": f"client-{number}", "name": f"Client {number}"} for number in range(MANY)]
API = {"identifier": "https://api.example/", "name": "API"}


def refused(**sections):
    with pytest.raises(ConfigError) as error:
        parse_tenant(json.dumps(sections))
    return error.value


def test_a_report_ends_after_a_hundred_mistakes():
    error = refused(clients=[{"client_id": f"c{number}", "name": 5} for number in range(MANY)])
    assert len(error.mistakes) == 100
    lines = str(error).splitlines()
    assert len(lines) == 101
    assert lines[-1] == "and 1400 more"


def test_a_hundred_mistakes_are_all_reported():
    error = refused(clients=[{"client_id": f"c{number}", "name": 5} for number in range(100)])
    assert (len(error.mistakes), error.more) == (100, 0)
    assert "more" not in str(error).splitlines()[-1]


def test_a_misspelt_name_is_a_mistake_after_any_number_of_others():
    grants = [{"client_id": f"klient-{n}", "audience": API["identifier"]} for n in range(200)]
    error = refused(clients=CLIENTS[:200], clientGrants=grants, resourceServers=[API])
    assert (len(error.mistakes), error.more) == (100, 100)
    assert error.mistakes[99].suggestion == "client-99"


def test_a_repeated_unknown_name_is_compared_once(monkeypatch):
    searches = []
    monkeypatch.setattr(report, "nearest", lambda word, _known: searches.append(word))
    grants = [{"client_id": "klient", "audience": API["identifier"]} for _ in range(MANY)]
    parse_tenant(json.dumps({"clients": CLIENTS, "clientGrants": grants, "resourceServers": [API]}))
    assert searches == ["klient"]


def test_the_number_of_comparisons_for_suggestions_is_limited(monkeypatch):
    searches = []
    monkeypatch.setattr(report, "MAX_COMPARISONS", 10 * MANY)
    monkeypatch.setattr(report, "nearest", lambda word, _known: searches.append(word))
    grants = [{"client_id": f"klient-{n}", "audience": API["identifier"]} for n in range(MANY)]
    parse_tenant(json.dumps({"clients": CLIENTS, "clientGrants": grants, "resourceServers": [API]}))
    assert searches == [f"klient-{n}" for n in range(5)]  # each client has an id and a name


def test_long_names_are_not_compared():
    assert nearest("a" * 200 + "b", ["a" * 201]) is None
    assert nearest("a" * 199 + "b", ["a" * 200, "c"]) == "a" * 200


NAMES = st.text("abcAB-1", min_size=1, max_size=8)


@given(NAMES, st.lists(NAMES, max_size=9))
def test_the_nearest_name_is_the_one_that_difflib_finds(word, known):
    lower = {one.lower(): one for one in known}
    found = get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    assert nearest(word, known) == (lower[found[0]] if found else None)


def test_reports_of_duplicate_keys_are_bounded():
    text = "{" + ",".join(['"clients": []'] * 300) + "}"
    with pytest.raises(ConfigError) as error:
        parse_tenant(text)
    assert (len(error.value.mistakes), error.value.more) == (100, 199)
