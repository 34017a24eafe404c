"""`mockidp export FILE`: the file is written as the state arrives, and is complete or not there."""

import json
import os
import socket
import threading
from types import SimpleNamespace

import pytest

from helpers.outcome import accepted
from mockidp.server import Server, parse_address
from mockidp.server.response import Pieces

HERE = parse_address("127.0.0.1:0")
BEGINNING = b'{"mockidp_snapshot":2,"x":"'


@pytest.fixture(autouse=True)
def _mock(url, monkeypatch):
    monkeypatch.setenv("MOCKIDP_URL", url)


def names(folder):
    return [path.name for path in folder.iterdir()]


def failed(done, status):
    assert done.status == status, done.err
    (line,) = done.err.splitlines()
    return line.removeprefix("mockidp: ")


def test_the_file_has_what_would_be_printed(mockidp, folder, fetch, url):
    (folder / "state.json").write_text("old")
    assert accepted(mockidp("export", "state.json")) == ""
    exported = (folder / "state.json").read_text()
    assert accepted(mockidp("export")) == accepted(mockidp("export", "-")) == exported
    assert json.loads(exported) == fetch(f"{url}/_mockidp/v1/snapshot")
    assert names(folder) == ["state.json"]
    assert (folder / "state.json").stat().st_mode & 0o77 == 0, "it has private keys"
    assert accepted(mockidp("import", "state.json")) == ""


def test_a_link_to_a_file_is_kept(mockidp, folder):
    (folder / "link").symlink_to("state.json")
    accepted(mockidp("export", "link"))
    assert (folder / "link").is_symlink()
    assert json.loads((folder / "state.json").read_text())["mockidp_snapshot"] == 2


def test_a_pipe_is_written_to_and_not_replaced(mockidp, folder):
    os.mkfifo(folder / "pipe")
    received = []
    thread = threading.Thread(
        target=lambda: received.append((folder / "pipe").read_text()), daemon=True
    )
    thread.start()
    accepted(mockidp("export", "pipe"))
    assert (folder / "pipe").is_fifo()
    thread.join(10)
    assert json.loads(received[0])["mockidp_snapshot"] == 2


@pytest.mark.parametrize(
    ("file", "why"),
    [("missing/state.json", "No such file or directory"), (".", "")],
)
def test_a_file_that_cannot_be_written_is_an_error(mockidp, folder, file, why):
    message = failed(mockidp("export", file), 1)
    assert message.startswith(f"{folder / file}: cannot be written: {why}")
    assert names(folder) == []


def snapshots(pieces, status="200 OK"):
    def app(_environ, start_response):
        start_response(status, [("Content-Type", "application/json")])
        return Pieces(iter(pieces))

    return app


def breaking():
    yield BEGINNING + b"a" * 100_000
    raise RuntimeError("the mock fails")


@pytest.mark.parametrize("how", ["the mock fails", "another server", "an error", "empty"])
def test_an_incomplete_state_leaves_the_old_file(mockidp, folder, how):
    app, status, message = {
        "the mock fails": (snapshots(breaking()), 3, "no mockidp answers at "),
        "another server": (snapshots([b'{"mockidp_snap":2}']), 3, "the server at "),
        "an error": (snapshots([b'{"detail":"no"}'], "400 Bad Request"), 1, "no"),
        "empty": (snapshots([b""]), 3, "the server at "),
    }[how]
    (folder / "state.json").write_text("old")
    with Server(app, listen=[HERE]) as server:
        done = mockidp("export", "state.json", "--url", server.url)
    assert failed(done, status).startswith(message)
    assert (folder / "state.json").read_text() == "old"
    assert names(folder) == ["state.json"]


def test_a_server_that_dies_leaves_no_file(mockidp, folder):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=die, args=(listener,)).start()
        done = mockidp(
            "export", "state.json", "--url", f"http://127.0.0.1:{listener.getsockname()[1]}"
        )
    assert failed(done, 3).startswith("no mockidp answers at ")
    assert names(folder) == []


def die(listener):
    sock, _ = listener.accept()
    with sock:
        sock.recv(10_000)
        sock.sendall(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n"
            % (len(BEGINNING), BEGINNING)
        )


class _Full:
    """A file on a disk without space."""

    def __init__(self, at):
        self.at, self.buffer = at, self

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def write(self, _data):
        if self.at == "write":
            raise OSError(28, "No space left on device")

    def flush(self):
        if self.at == "flush":
            raise OSError(28, "No space left on device")


@pytest.mark.parametrize("at", ["write", "flush"])
def test_a_full_disk_behind_standard_output_is_an_error(mockidp, monkeypatch, at):
    monkeypatch.setattr("mockidp.cli.files.whole_file.sys", SimpleNamespace(stdout=_Full(at)))
    assert failed(mockidp("export"), 1) == (
        "standard output: cannot be written: No space left on device"
    )


def test_a_full_disk_leaves_no_file(mockidp, folder, monkeypatch):
    def full(handle, _mode):
        os.close(handle)
        return _Full("write")

    monkeypatch.setattr("mockidp.cli.files.whole_file.os.fdopen", full)
    message = failed(mockidp("export", "state.json"), 1)
    assert message == f"{folder / 'state.json'}: cannot be written: No space left on device"
    assert names(folder) == []
