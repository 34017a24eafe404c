"""`mockidp serve` with wrong input: one clear line, a status, and nothing is served."""

import signal
import socket
import sys

import pytest


def the_line(done, status):
    """Return the one line that says what is wrong; a usage error has click's two before it."""
    assert (done.status, done.out) == (status, "")
    lines = done.err.splitlines()
    if status == 2:
        assert lines[:3] == [
            "Usage: mockidp serve [OPTIONS] [FILE]",
            "Try 'mockidp serve --help' for help.",
            "",
        ]
        lines = lines[3:]
    (line,) = lines
    return line.removeprefix("mockidp: ").removeprefix("Error: ")


@pytest.fixture
def refusal(mockidp):
    """Give a function that serves http in vain and returns the line that says why."""

    def refusal(*arguments, status=1):
        return the_line(mockidp("serve", *arguments), status)

    return refusal


@pytest.mark.parametrize("option", ["--listen", "--tls-listen"])
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("foo", "'foo' is not an address to listen on"),
        ("localhost:99999", "the highest is 65535"),
        ("nowhere.invalid:0", "the host 'nowhere.invalid' is not known here"),
        ("192.0.2.1:0", "192.0.2.1:0 cannot be listened on"),
    ],
)
def test_a_bad_address(refusal, option, address, said):
    other = () if option == "--listen" else ("--listen", "localhost:0")
    http = ("--no-tls",) if option == "--listen" else ()
    assert said in refusal(option, address, *other, *http)


@pytest.mark.parametrize("option", ["--listen", "--tls-listen"])
def test_a_port_in_use(refusal, option):
    other = "--tls-listen" if option == "--listen" else "--listen"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refusal(option, f"localhost:{port}", other, "localhost:0")
    assert line.startswith(f"127.0.0.1:{port} is in use by another program.")


def test_a_port_in_use_in_a_process_of_its_own(process):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = process("serve", "--no-tls", "--listen", f"localhost:{port}")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert f"127.0.0.1:{port} is in use" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--no-tls", "--tls-listen", "localhost:0"], "--no-tls and --tls-listen contradict"),
        (["--example", "acme", "t.yaml"], "FILE and --example name two tenants; give one"),
        (["--example", "nobody"], "'nobody' is not 'acme'"),
        (["--seed", "x"], "'x' is not a valid integer"),
        (["--set", "impersonation.ttl"], "'impersonation.ttl' is not NAME=VALUE"),
        (["--set", "=5"], "'=5' is not NAME=VALUE"),
        (["--placeholder", "ENV"], "'ENV' is not KEY=VALUE"),
        (["--log-format", "xml"], "'xml' is not one of 'text', 'json'"),
        (["--data-dir", "a-file"], "'a-file' is a file"),
    ],
)
def test_options_that_make_no_sense(refusal, folder, arguments, said):
    (folder / "a-file").touch()
    assert said in refusal(*arguments, status=2)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MOCKIDP_NO_TLS", "perhaps", "'perhaps' is not a valid boolean"),
        ("MOCKIDP_SEED", "x", "'x' is not a valid integer"),
        ("MOCKIDP_EXAMPLE", "nobody", "'nobody' is not 'acme'"),
        ("MOCKIDP_LOG_FORMAT", "xml", "'xml' is not one of"),
        ("MOCKIDP_PLACEHOLDER", "ENV", "'ENV' is not KEY=VALUE"),
        ("MOCKIDP_CONTROL_TOKEN", "s3cret\n", "the control token has a character"),
    ],
)
def test_variables_that_make_no_sense(refusal, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    line = refusal()
    assert line.startswith(f"{name}: ")
    assert said in line


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("bogus=1", "--set: bogus: found an unknown setting"),
        ("impersonation.tll=1", "impersonation.ttl"),
        ("impersonation.ttl=soon", "--set: impersonation.ttl: found the text 'soon'"),
        ("impersonation.ttl=-1", "--set: impersonation.ttl"),
        ("impersonation.enabled=perhaps", "expected true or false"),
        ("profile=saml", "--set: profile"),
    ],
)
def test_a_setting_that_makes_no_sense(refusal, setting, said):
    assert said in refusal("--set", setting)


def test_a_setting_of_the_environment_that_makes_no_sense(refusal, monkeypatch):
    monkeypatch.setenv("MOCKIDP_IMPERSONATION_TTL", "soon")
    line = refusal()
    assert line.startswith("MOCKIDP_IMPERSONATION_TTL: impersonation.ttl: found the text 'soon'")


def test_an_issuer_that_is_no_url(refusal):
    assert "issuer" in refusal("--issuer", "idp.acme.test")


def test_all_mistakes_of_a_tenant_file_each_on_its_line(mockidp, folder):
    (folder / "t.yaml").write_text("clints: []\nusers: [{user_id: 5}]\n")
    done = mockidp("serve", "t.yaml")
    assert (done.status, done.out) == (1, "")
    assert "t.yaml:1: clints" in done.err
    assert "clients" in done.err
    assert "t.yaml:2: users[0].user_id" in done.err


@pytest.mark.parametrize(
    ("path", "said"), [("nowhere.yaml", "No such file"), (".", "found a directory")]
)
def test_a_tenant_file_that_cannot_be_read(refusal, path, said):
    assert said in refusal(path)


def test_a_placeholder_without_a_value_and_then_with_one(refusal, folder):
    (folder / "t.yaml").write_text("tenant: {friendly_name: ##ENV##}\n")
    assert "ENV" in refusal("t.yaml")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refusal("t.yaml", "--placeholder", "ENV=dev", "--listen", f"localhost:{port}")
    assert "in use" in line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "keys.pem: cannot be read: No such file or directory"),
        (b"", "keys.pem"),
        (b"no key at all", "keys.pem"),
        (b"-----BEGIN PRIVATE KEY-----\nbm8=\n-----END PRIVATE KEY-----\n", "keys.pem"),
    ],
)
def test_a_file_of_keys_that_has_none(refusal, folder, content, said):
    if content is not None:
        (folder / "keys.pem").write_bytes(content)
    assert said in refusal("--no-tls", "--keys", "keys.pem")


def test_a_data_directory_that_cannot_be_made(refusal):
    line = refusal("--data-dir", "/dev/null/mockidp")
    assert "--data-dir" in line
    assert "--no-tls" in line


def test_https_that_is_asked_for_needs_the_extra(refusal, monkeypatch):
    monkeypatch.setitem(sys.modules, "trustme", None)
    line = refusal("--tls-listen", "localhost:0")
    assert "pip install 'mockidp-server[tls]'" in line


def test_the_signals_are_given_back(refusal):
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    refusal("--listen", "foo", "--no-tls")
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
