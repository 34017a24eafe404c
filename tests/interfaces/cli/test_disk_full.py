"""`mockidp serve --persist` on a full disk: a request answered with 500 changes nothing."""

import contextlib
import os
import resource
import shutil

import pytest

from helpers.changes_of_tenant.control import CONTROL, NOT_KEPT
from helpers.changes_of_tenant.flows import FLOWS, READ_ONLY
from helpers.disk_full import Mock
from mockidp.web import endpoints, hosted
from mockidp.web.control.operations import OPERATIONS

KEPT = {**{("control", name): prepare for name, prepare in CONTROL.items()}, **FLOWS}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with contextlib.closing(Mock(tmp_path_factory.mktemp("disk") / "data")) as mock:
        yield mock


@pytest.fixture
def mock(served):
    # Between two tests, the server may have closed the connection because it was idle.
    served.connection.close()
    assert served.control("POST", "/reset", {}).status == 204
    return served


@pytest.mark.parametrize("kind", KEPT, ids=" ".join)
def test_a_change_that_cannot_be_written_is_not_applied(mock, tmp_path, kind):
    act = KEPT[kind](mock)
    before, not_kept = mock.memory(), mock.not_kept()
    with mock.disk_full():
        refused = act()
        assert refused.status == 500, refused.text
        assert refused.headers["Mockidp-Hint"].startswith(
            "The changes of the request could not be saved. "
        )
        assert "state.sqlite3" in refused.headers["Mockidp-Hint"]
        assert "Set-Cookie" not in refused.headers
        assert mock.memory() == before
        assert mock.not_kept() == not_kept
        assert act().status == 500
    assert mock.memory() == before
    assert mock.disk(tmp_path / "full") == before

    answer = act()
    assert answer.status < 500
    after = mock.memory()
    assert after != before
    assert mock.disk(tmp_path / "free") == after


@pytest.mark.parametrize("name", NOT_KEPT)
def test_requests_that_are_not_persisted_need_no_disk(mock, tmp_path, name):
    act = NOT_KEPT[name](mock)
    before = mock.memory()
    with mock.disk_full():
        assert act().status < 300
    assert mock.memory() == before
    assert mock.disk(tmp_path / "disk") == before


def test_requests_that_only_read_need_no_disk(mock):
    with mock.disk_full():
        assert mock.get("/.well-known/openid-configuration").status == 200
        assert mock.get("/.well-known/jwks.json").status == 200
        assert mock.get("/userinfo").status == 401
        for operation in OPERATIONS:
            if operation.method == "GET" and "{id}" not in operation.path:
                assert mock.control("GET", operation.path).status == 200


def test_all_operations_and_endpoints_are_covered():
    changing = {one.name for one in OPERATIONS if one.method != "GET"}
    assert changing == {*CONTROL, *NOT_KEPT}
    named = {route.endpoint for route in (*endpoints.routes(), *hosted.routes())}
    assert named == {endpoint for endpoint, _ in FLOWS} | READ_ONLY


def test_a_restart_restores_the_state_that_was_in_memory(mock, tmp_path):
    for prepare in CONTROL.values():
        act = prepare(mock)
        with mock.disk_full():
            assert act().status == 500
    state = mock.memory()
    shutil.copytree(mock.directory, tmp_path / "copy")
    with contextlib.closing(Mock(tmp_path / "copy")) as again:
        assert again.memory() == state


@pytest.mark.parametrize("kind", [("token", "a code"), ("token", "a refresh token that rotates")])
def test_an_exchange_is_written_completely_or_not_at_all_however_much_space_is_left(tmp_path, kind):
    with contextlib.closing(Mock(tmp_path / "data")) as mock:
        act, statuses = FLOWS[kind](mock), set()
        for room in range(0, 40_000, 1000):
            before = mock.memory()
            with mock.disk_full(room=room):
                status = act().status
            statuses.add(status)
            if status == 500:
                assert mock.memory() == before
            else:
                act = FLOWS[kind](mock)
        assert statuses == {500, 200}


@pytest.mark.parametrize("room", [1, 20_000])
def test_a_start_on_a_full_disk_is_refused_and_leaves_the_state_unchanged(process, tmp_path, room):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    def refused():
        done = process(
            *("serve", "--example", "acme", "--no-tls", "--listen", "127.0.0.1:0"),
            *("--persist", "--data-dir", tmp_path / "data"),
            preexec_fn=limit,
            env=without_coverage,
        )
        assert (done.returncode, done.stdout) == (1, "")
        return done.stderr.splitlines()[-1]

    # The limit would apply to the data file of coverage as well.
    without_coverage = {name: one for name, one in os.environ.items() if "COVERAGE" not in name}

    message = (
        f"mockidp: {tmp_path}/data/state.sqlite3 could not be written (disk I/O error). Is the disk "
        "full, or is there a limit on the size of files? Free some space, or set another "
        "directory with --data-dir."
    )
    assert refused() == message
    with contextlib.closing(Mock(tmp_path / "data")) as mock:
        assert mock.control("POST", "/users", {"user_id": "auth0|bill"}).status == 200
        state = mock.memory()
    assert refused() == message
    with contextlib.closing(Mock(tmp_path / "data")) as mock:
        assert mock.memory() == state


def test_the_test_client_shows_that_a_token_could_not_be_saved(mock):
    login = mock.get("/_mockidp/try/login")
    mock.control("POST", "/sign-ins", {"user": "alice"})
    callback = mock.get(login.headers["Location"]).headers["Location"].removeprefix(mock.url)
    before = mock.memory()
    with mock.disk_full():
        page = mock.get(callback, Cookie=login.cookie)
    assert page.status == 200
    assert "server_error" in page.text
    assert "could not be saved. " in page.text
    assert mock.memory() == before
    assert "server_error" not in mock.get(callback, Cookie=login.cookie).text
    assert mock.memory() != before
