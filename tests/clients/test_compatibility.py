"""The page of clients and the marks that it is made from. No client runs here."""

import json
from types import SimpleNamespace

import jwt
import pytest
from clients import compatibility, tested_clients
from clients.tested_clients import CLIENTS

SUCCESS = ("PyJWT", False, "access tokens", ["http"])
REFUSALS = [("PyJWT", True, what, ["https"]) for what in ("expired", "no kid", "bad audience")]


@pytest.fixture
def only_pyjwt(monkeypatch):
    monkeypatch.setattr(compatibility, "CLIENTS", {"PyJWT": compatibility.CLIENTS["PyJWT"]})


def facts_of(*args, **kwargs):
    marks = {"client": [SimpleNamespace(args=args, kwargs=kwargs)]}
    return compatibility.facts_of(SimpleNamespace(nodeid="t", iter_markers=marks.get))


def test_a_mark_is_a_fact():
    assert facts_of("PyJWT", "access tokens", over="http") == [SUCCESS]
    assert facts_of("PyJWT", refuses="expired", over="http, https") == [
        ("PyJWT", True, "expired", ["http", "https"])
    ]


@pytest.mark.parametrize(
    ("args", "options", "message"),
    [
        (["PyJVT", "tokens"], {"over": "http"}, "tested_clients.py has no 'PyJVT'"),
        (["PyJWT"], {"over": "http"}, "one in each mark"),
        (["PyJWT", "tokens"], {"refuses": "expired", "over": "http"}, "one in each mark"),
        (["PyJWT", "tokens"], {"over": "ftp"}, "not 'ftp'"),
    ],
)
def test_an_incomplete_mark_stops_the_run(args, options, message):
    with pytest.raises(pytest.UsageError, match=message):
        facts_of(*args, **options)


def test_the_page_has_a_row_for_each_client_that_ran(only_pyjwt):
    [row] = compatibility.rows([SUCCESS, SUCCESS, *REFUSALS]).values()
    assert row.startswith("| PyJWT (PyPI: `PyJWT`) | ")
    assert row.endswith("| http, https | access tokens | bad audience; expired; no kid |")
    assert compatibility.rows([]) == {}


def test_each_client_needs_a_success_and_three_refusals(only_pyjwt):
    assert compatibility.missing([SUCCESS, *REFUSALS]) == []
    assert compatibility.missing(REFUSALS) == ["PyJWT: no test shows that something works"]
    assert compatibility.missing([SUCCESS, REFUSALS[0], REFUSALS[0]]) == ["PyJWT: 1 of 3 refusals"]


@pytest.fixture
def written(only_pyjwt, tmp_path, monkeypatch):
    """Write the page and the calls of a run to a temporary folder. Return what ran."""
    ran = {
        "passed": [SUCCESS, *REFUSALS],
        "skipped": [],
        "calls": [["PyJWT", "GET /users"], ["PyJWT", "GET /roles"], ["PyJWT", "GET /users"]],
    }
    monkeypatch.setattr(compatibility, "PAGE", tmp_path / "clients.md")
    monkeypatch.setattr(compatibility, "CALLS", tmp_path / "calls.json")
    (tmp_path / "ran.json").write_text(json.dumps(ran))
    assert compatibility.main("write", tmp_path / "ran.json") == 0
    assert compatibility.main("check", tmp_path / "ran.json") == 0
    return ran


def test_a_file_that_differs_from_what_the_tests_showed_is_found(written):
    changed = [("PyJWT", False, "other tokens", ["http"]), *REFUSALS]
    assert compatibility.check(**written | {"passed": changed}) == [
        "clients.md is not what the tests showed. Run this script with `write`."
    ]
    assert compatibility.check(**written | {"calls": []}) == [
        "calls.json is not what the tests showed. Run this script with `write`."
    ]


def test_the_calls_of_a_client_are_sorted(written):
    assert json.loads(compatibility.CALLS.read_text()) == {"PyJWT": ["GET /roles", "GET /users"]}


def test_skipped_clients_are_forgiven_only_outside_ci(written, monkeypatch):
    nothing = {"passed": [], "skipped": ["PyJWT"], "calls": []}
    monkeypatch.delenv("CI", raising=False)
    assert compatibility.check(**nothing) == []
    monkeypatch.setenv("CI", "true")
    assert compatibility.check(**nothing) != []


def test_the_version_is_that_of_the_installed_package(tmp_path, monkeypatch):
    assert CLIENTS["PyJWT"].version() == jwt.__version__
    monkeypatch.setattr(tested_clients, "HERE", tmp_path)
    package = tmp_path / "node/node_modules/openid-client-5/package.json"
    package.parent.mkdir(parents=True)
    package.write_text('{"version": "5.7.1"}')
    assert CLIENTS["openid-client 5"].version() == "5.7.1"
    metadata = tmp_path / "python/.auth0-python-3/auth0_python-3.24.1.dist-info/METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: auth0-python\nVersion: 3.24.1\n")
    assert CLIENTS["auth0-python 3"].version() == "3.24.1"
