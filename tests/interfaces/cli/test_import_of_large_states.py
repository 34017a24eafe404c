"""`mockidp import` sends a file as it is, without reading it into memory."""

import json
import os
import socket
import threading

import pytest

from helpers.outcome import accepted, refused
from mockidp.server import Server, parse_address

HERE = parse_address("127.0.0.1:0")


@pytest.fixture(autouse=True)
def _mock(url, monkeypatch):
    monkeypatch.setenv("MOCKIDP_URL", url)


def changed(mockidp):
    state = json.loads(accepted(mockidp("export")))
    state["bewit_key"] = "of the file"
    return state


@pytest.mark.parametrize(
    "write",
    [
        lambda state: json.dumps(state, indent=2),
        lambda state: "\ufeff" + json.dumps(state),
        lambda state: json.dumps(dict(reversed(state.items()))),
        lambda state: "\ufeff" + json.dumps(dict(reversed(state.items()))),
    ],
    ids=["indented", "byte order mark", "other order", "both"],
)
def test_every_json_of_a_state_is_accepted(mockidp, folder, tenant, write):
    (folder / "state.json").write_text(write(changed(mockidp)))
    assert accepted(mockidp("import", "state.json")) == ""
    assert tenant.snapshot().bewit_key == "of the file"


def test_a_pipe_is_accepted(mockidp, folder, tenant):
    text = json.dumps(changed(mockidp))
    os.mkfifo(folder / "pipe")
    writer = threading.Thread(target=(folder / "pipe").write_text, args=(text,))
    writer.start()
    assert accepted(mockidp("import", "pipe")) == ""
    writer.join()
    assert tenant.snapshot().bewit_key == "of the file"


def test_a_truncated_state_is_refused(mockidp, folder, tenant):
    (folder / "state.json").write_text(json.dumps(changed(mockidp))[:-1])
    assert "The body is not JSON: Expecting ','" in refused(mockidp("import", "state.json"))
    assert tenant.snapshot().bewit_key != "of the file"


def test_a_refusal_before_the_whole_file_is_sent_is_reported(mockidp, folder):
    def app(_environ, start_response):
        start_response("400 Bad Request", [("Content-Type", "application/json")])
        return [b'{"detail": "too much"}']

    (folder / "state.json").write_text('{"mockidp_snapshot": 2, "x": "' + "x" * 10_000_000)
    with Server(app, listen=[HERE]) as server:
        assert refused(mockidp("import", "state.json", "--url", server.url)) == "too much"


def accept_and_close(listener):
    listener.accept()[0].close()


def test_a_server_that_closes_while_the_file_is_sent_is_an_error(mockidp, folder):
    (folder / "state.json").write_text('{"mockidp_snapshot": 2, "x": "' + "x" * 10_000_000)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closer = threading.Thread(target=accept_and_close, args=(listener,))
        closer.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        done = mockidp("import", "state.json", "--url", url)
        closer.join()
    assert done.status == 3
    assert "no mockidp answers at" in done.err
