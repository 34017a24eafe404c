"""`mockidp serve --persist`, killed and started again."""

import contextlib
import http.client
import json
import random
import resource
import signal
import subprocess
import sys
import threading
import urllib.error
from urllib.parse import urlsplit

import pytest

MODULE = (sys.executable, "-m", "mockidp")
ROUNDS = 3
LOGIN = {"grant_type": "password", "client_id": "app", "scope": "openid offline_access"}
ALICE = {"username": "alice@acme.example", "password": "Passw0rd!"}
V1 = "/_mockidp/v1"


@contextlib.contextmanager
def persisting(directory, *arguments, **options):
    """Serve the state in a directory. Kill the process at the end if it still runs."""
    command = [*MODULE, "serve", "--listen", "127.0.0.1:0", "--no-tls", "--json", "--persist"]
    with (
        (directory.parent / "log").open("a+") as log,
        subprocess.Popen(
            [*command, "--data-dir", str(directory), *arguments],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            **options,
        ) as process,
    ):
        try:
            line = process.stdout.readline()
            if not line:
                log.seek(0)
                pytest.fail(log.read())
            yield process, json.loads(line)["url"]
        finally:
            process.kill()


@contextlib.contextmanager
def caller(url):
    """Return a function that sends JSON over one connection and returns status and body."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def call(method, path, body=None):
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data, {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text else None

    with contextlib.closing(connection):
        yield call


def log_in(call):
    return call("POST", "/oauth/token", {**LOGIN, **ALICE})[1]["refresh_token"]


def refresh(call, token):
    body = {"grant_type": "refresh_token", "client_id": "app", "refresh_token": token}
    return call("POST", "/oauth/token", body)[0]


class Writer(threading.Thread):
    """A client that writes until the server is gone, and records acknowledged changes."""

    def __init__(self, url, name, noted):
        super().__init__()
        self.url, self.label, self.noted = url, name, noted
        self.users, self.good, self.revoked = [], [], []

    def run(self):
        with caller(self.url) as call, contextlib.suppress(OSError, http.client.HTTPException):
            for number in range(10_000):
                user = f"auth0|{self.label}-{number}"
                assert call("POST", f"{V1}/users", {"user_id": user})[0] in {200, 201}
                self.users.append(user)
                self.good.append(log_in(call))
                self.noted.release()
                if number % 3 == 2:
                    token = self.good.pop(0)  # unknown state until the answer arrives
                    assert (
                        call("POST", "/oauth/revoke", {"client_id": "app", "token": token})[0]
                        == 200
                    )
                    self.revoked.append(token)
                    self.noted.release()


def check_all(call, writers):
    """Check that all acknowledged changes are present."""
    present = {one["user_id"] for one in call("GET", f"{V1}/users")[1]["items"]}
    for writer in writers:
        assert present.issuperset(writer.users)
        assert {refresh(call, token) for token in writer.good} <= {200}
        assert {refresh(call, token) for token in writer.revoked} <= {403}


@pytest.mark.parametrize("_seed", range(2))
def test_acknowledged_changes_survive_kill_9_during_writes(tmp_path, _seed):
    writers = []
    for number in range(ROUNDS):
        noted = threading.Semaphore(0)
        with persisting(tmp_path / "data") as (process, url):
            with caller(url) as call:
                check_all(call, writers)
            begun = [Writer(url, f"{number}-{one}", noted) for one in range(3)]
            for writer in begun:
                writer.start()
            for _ in range(random.randrange(5, 40)):
                assert noted.acquire(timeout=10)
            process.send_signal(signal.SIGKILL)
            for writer in begun:
                writer.join(timeout=10)
        assert process.returncode == -signal.SIGKILL
        writers += begun
    with persisting(tmp_path / "data") as (_, url), caller(url) as call:
        check_all(call, writers)
    assert sum(len(writer.users) for writer in writers) >= ROUNDS


def test_parallel_clients_do_not_lose_each_others_users(tmp_path):
    with persisting(tmp_path / "data") as (_, url):

        def add(name):
            with caller(url) as call:
                for number in range(15):
                    call("POST", f"{V1}/users", {"user_id": f"auth0|{name}-{number}"})

        threads = [threading.Thread(target=add, args=(name,)) for name in "abcd"]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        with caller(url) as call:
            assert len(call("GET", f"{V1}/users")[1]["items"]) == 3 + 60


def test_keys_clock_and_sign_ins_survive(tmp_path):
    with persisting(tmp_path / "data") as (_, url), caller(url) as call:
        kid = call("POST", f"{V1}/keys/rotate", {})[1]["kid"]
        call("POST", f"{V1}/clock", {"freeze": "2031-01-01T00:00:00Z", "skew": 3})
        call("POST", f"{V1}/sign-ins", {"user": "bob"})
        keys = call("GET", "/.well-known/jwks.json")[1]
    with persisting(tmp_path / "data") as (_, url), caller(url) as call:
        assert call("GET", f"{V1}/keys")[1]["items"][0]["kid"] == kid
        clock = call("GET", f"{V1}/clock")[1]
        assert (clock["frozen"], clock["now"], clock["skew"]) == (True, 1924992000.0, 3.0)
        assert call("GET", "/.well-known/jwks.json")[1] == keys
        snapshot = call("GET", f"{V1}/snapshot")[1]
    (sign_in,) = snapshot["sign_ins"]
    assert (sign_in["user_id"], sign_in["client_id"]) == ("auth0|bob", None)


def test_a_second_server_on_the_directory_is_refused(mockidp, tmp_path):
    with persisting(tmp_path / "data") as (_, url):
        done = mockidp(
            "serve", "--listen", "127.0.0.1:0", "--no-tls", "--persist", "--data-dir",
            tmp_path / "data",
        )  # fmt: skip
        assert (done.status, done.out) == (1, "")
        assert done.err == (
            f"mockidp: {tmp_path}/data/state.sqlite3 is in use by another mockidp. Stop that one, "
            "or set another directory with --data-dir.\n"
        )
        with caller(url) as call:
            assert call("GET", "/_mockidp/health")[0] == 200


def test_a_file_of_another_program_is_refused_in_one_line(mockidp, folder):
    (folder / ".mockidp").mkdir()
    (folder / ".mockidp" / "state.sqlite3").write_text("hello " * 1000)
    done = mockidp("serve", "--listen", "127.0.0.1:0", "--no-tls", "--persist")
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "mockidp: .mockidp/state.sqlite3 cannot be used: file is not a database. Fix or remove it, "
        "or set another directory with --data-dir.\n"
    )


def test_a_change_that_cannot_be_written_is_refused_with_the_reason(tmp_path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    with (
        persisting(tmp_path / "data", preexec_fn=limit) as (_, url),
        caller(url) as call,
    ):
        good = []
        for _ in range(1000):
            status, answer = call("POST", "/oauth/token", {**LOGIN, **ALICE})
            if status != 200:
                break
            good.append(answer["refresh_token"])
        assert (status, answer["error"]) == (500, "server_error")
        status, answer = call("POST", f"{V1}/users", {"user_id": "auth0|" + "x" * 9000})
        assert status == 500
        assert answer["detail"].startswith("The changes of the request could not be saved. ")
        assert call("GET", f"{V1}/users")[0] == 200
    assert " The changes of the request could not be saved. " in (tmp_path / "log").read_text()
    with persisting(tmp_path / "data") as (_, url), caller(url) as call:
        assert {refresh(call, token) for token in good} == {200}


def test_custom_claims_survive_a_restart(tmp_path):
    entry = {"claim": "https://acme.example/plan", "value": {"a": [None]}, "in": ["id_token"]}
    with persisting(tmp_path / "data") as (_, url), caller(url) as call:
        assert call("POST", f"{V1}/claims", entry) == (200, entry)
    with persisting(tmp_path / "data") as (_, url), caller(url) as call:
        assert call("GET", f"{V1}/claims") == (200, {"items": [entry]})
        assert call("DELETE", f"{V1}/claims/https%3A%2F%2Facme.example%2Fplan")[0] == 204
    with persisting(tmp_path / "data") as (_, url), caller(url) as call:
        assert call("GET", f"{V1}/claims") == (200, {"items": []})


def test_without_persist_only_certificates_are_written(serve, fetch, folder):
    data = folder / "data"
    with serve("--data-dir", data) as server:
        fetch(f"{server.url}{V1}/users", {"user_id": "auth0|carol"})
    assert "ca.pem" in {path.name for path in data.iterdir()}
    assert "state.sqlite3" not in {path.name for path in data.iterdir()}
    with serve("--data-dir", data) as server, pytest.raises(urllib.error.HTTPError):
        fetch(f"{server.url}{V1}/users/auth0%7Ccarol")


def test_a_stopped_mock_leaves_one_file(serve, tmp_path):
    with serve("--no-tls", "--persist", "--data-dir", tmp_path / "data"):
        pass
    names = {path.name for path in (tmp_path / "data").iterdir()}
    assert names == {".gitignore", "state.sqlite3"}


def test_modules_for_persist_and_tenant_files_are_imported_only_if_needed():
    program = (
        "import sys\n"
        "before = set(sys.modules)\n"  # coverage imports more
        "import mockidp.web.app, mockidp.server, mockidp.cli.serve, mockidp.cli.serving.start\n"
        "print({'sqlite3', 'yaml'} & set(sys.modules) - before)\n"
    )
    done = subprocess.run(
        [MODULE[0], "-c", program], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout == "set()\n"
