"""`mockidp serve` with invalid input: one line on standard error, and an exit status."""

import re
import signal
import socket

import pytest

from mockidp.cli.serving.port_in_use import _next_free
from mockidp.server import Server, parse_address
from mockidp.tls import Authority
from mockidp.web.app import create_app


def the_line(done, status):
    """Return the error line. Before it, click prints two lines for a usage error."""
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
    """Return a function that runs `serve` and returns its error line."""

    def refusal(*arguments, status=1):
        return the_line(mockidp("serve", *arguments), status)

    return refusal


@pytest.mark.parametrize("option", ["--listen", "--tls-listen"])
@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("foo", "'foo' is not an address to listen on"),
        ("localhost:99999", "the highest is 65535"),
        ("nowhere.invalid:0", "the host 'nowhere.invalid' is unknown"),
        ("192.0.2.1:0", "cannot listen on 192.0.2.1:0"),
    ],
)
def test_an_invalid_address_is_refused(refusal, option, address, message):
    other = () if option == "--listen" else ("--listen", "localhost:0")
    http = ("--no-tls",) if option == "--listen" else ()
    assert message in refusal(option, address, *other, *http)


@pytest.mark.parametrize("option", ["--listen", "--tls-listen"])
def test_a_port_in_use_is_refused_with_another_port(refusal, option):
    other = "--tls-listen" if option == "--listen" else "--listen"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refusal(option, f"localhost:{port}", other, "localhost:0")
    assert re.fullmatch(
        rf"127\.0\.0\.1:{port} is in use by another program\. Stop that one, or serve on another "
        rf"port: {option} [0-9]+",
        line,
    )
    free = int(line.rpartition(" ")[2])
    assert free == 0 or port < free <= port + 100


@pytest.fixture
def running(tenant):
    """A mock on http and https."""
    here = parse_address("127.0.0.1:0")
    tls = Authority.in_memory().ssl_context()
    with Server(create_app(tenant), listen=[here], tls_listen=[here], tls_context=tls) as server:
        yield server


def port_of(url):
    return url.rpartition(":")[2]


@pytest.mark.parametrize("option", ["--listen", "--tls-listen"])
def test_another_mockidp_on_the_port_is_recognized(refusal, running, option):
    url = running.url if option == "--listen" else running.tls_url
    other = "--tls-listen" if option == "--listen" else "--listen"
    line = refusal(option, port_of(url), other, "0")
    message = f"another mockidp is already running at {url}. Use that one, stop it, or serve on "
    assert line.startswith(f"{message}another port: {option} ")
    assert other not in line


def test_for_two_ports_in_use_two_other_ports_are_suggested(refusal, running):
    line = refusal("--listen", port_of(running.url), "--tls-listen", port_of(running.tls_url))
    found = re.search("port: --listen ([0-9]+) --tls-listen ([0-9]+)$", line)
    assert found
    assert len({*found.groups(), port_of(running.url), port_of(running.tls_url)}) == 4


def test_for_a_port_in_a_variable_another_value_of_the_variable_is_suggested(
    refusal, running, environment
):
    environment(MOCKIDP_LISTEN=f"*:{port_of(running.url)}")
    line = refusal("--no-tls")
    assert re.search(r"another port: MOCKIDP_LISTEN=\*:[0-9]+$", line)


def test_a_silent_program_on_the_port_does_not_delay_the_refusal(refusal, monkeypatch):
    monkeypatch.setattr("mockidp.cli.serving.port_in_use._TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refusal("--listen", str(port), "--no-tls")
    assert line.startswith(f"127.0.0.1:{port} is in use by another program.")


def test_a_port_is_not_suggested_twice():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert port < _next_free(parse_address(f"localhost:{port}"), {port}) <= port + 100


def test_without_a_free_port_nearby_port_0_is_suggested(refusal, monkeypatch):
    monkeypatch.setattr("mockidp.cli.serving.port_in_use._MAX_TRIES", 0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        line = refusal("--listen", str(taken.getsockname()[1]), "--no-tls")
    assert line.endswith("serve on another port: --listen 0")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--port", "9500"], "--port. Use --listen 9500"),
        (["--port=9500"], "--port. Use --listen 9500"),
        (["-p9500"], "-p. Use --listen 9500"),
        (["-p", "9500"], "-p. Use --listen 9500"),
        (["--port", "any"], "--port. Use --listen 9400"),
        (["--host", "0.0.0.0"], "--host. Use --listen 0.0.0.0:9400"),
        (["--host=*", "--port=9500"], "--host. Use --listen *:9500"),
        (["--port", "9500", "--bind", "10.0.0.7"], "--port. Use --listen 10.0.0.7:9500"),
        (["--bind", "localhost:9500"], "--bind. Use --listen localhost:9500"),
        (["--address", "a b"], "--address. Use --listen 9400"),
        (["--https-port", "9500"], "--https-port. Use --tls-listen 9500"),
        (["--tls-port=x"], "--tls-port. Use --tls-listen 9443"),
    ],
)
def test_port_options_of_other_programs_are_refused_with_the_equivalent(refusal, given, message):
    assert refusal(*given, status=2) == f"No such option: {message}"


def test_an_unknown_option_is_refused(refusal):
    assert "--qqqqq" in refusal("--qqqqq", status=2)


def test_a_port_in_use_ends_the_process_with_one_line(process):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = process("serve", "--no-tls", "--listen", f"localhost:{port}")
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert f"127.0.0.1:{port} is in use" in line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--no-tls", "--tls-listen", "localhost:0"],
            "--no-tls and --tls-listen cannot be combined",
        ),
        (["--example", "acme", "t.yaml"], "FILE and --example name two tenants. Give one of them."),
        (["--example", "unknown"], "'unknown' is not 'acme'"),
        (["--seed", "x"], "'x' is not a valid integer"),
        (["--set", "impersonation.ttl"], "'impersonation.ttl' is not NAME=VALUE"),
        (["--set", "=5"], "'=5' is not NAME=VALUE"),
        (["--placeholder", "ENV"], "'ENV' is not KEY=VALUE"),
        (["--log-format", "xml"], "'xml' is not one of 'text', 'json'"),
        (["--data-dir", "a-file"], "'a-file' is a file"),
    ],
)
def test_invalid_options_are_refused(refusal, folder, arguments, message):
    (folder / "a-file").touch()
    assert message in refusal(*arguments, status=2)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("MOCKIDP_NO_TLS", "perhaps", "'perhaps' is not a valid boolean"),
        ("MOCKIDP_SEED", "x", "'x' is not a valid integer"),
        ("MOCKIDP_EXAMPLE", "unknown", "'unknown' is not 'acme'"),
        ("MOCKIDP_LOG_FORMAT", "xml", "'xml' is not one of"),
        ("MOCKIDP_PLACEHOLDER", "ENV", "'ENV' is not KEY=VALUE"),
        ("MOCKIDP_CONTROL_TOKEN", "s3cret\n", "the control token contains a character"),
    ],
)
def test_invalid_variables_are_refused(refusal, monkeypatch, name, value, message):
    monkeypatch.setenv(name, value)
    line = refusal()
    assert line.startswith(f"{name}: ")
    assert message in line


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("bogus=1", "--set: bogus: found an unknown setting"),
        ("impersonation.tll=1", "impersonation.ttl"),
        ("impersonation.ttl=soon", "--set: impersonation.ttl: found the string 'soon'"),
        ("impersonation.ttl=-1", "--set: impersonation.ttl"),
        ("impersonation.enabled=perhaps", "expected true or false"),
        ("profile=saml", "--set: profile"),
    ],
)
def test_an_invalid_setting_is_refused(refusal, setting, message):
    assert message in refusal("--set", setting)


def test_an_invalid_setting_in_the_environment_is_refused(refusal, monkeypatch):
    monkeypatch.setenv("MOCKIDP_IMPERSONATION_TTL", "soon")
    line = refusal()
    assert line.startswith("MOCKIDP_IMPERSONATION_TTL: impersonation.ttl: found the string 'soon'")


def test_an_issuer_that_is_not_a_url_is_refused(refusal, monkeypatch):
    line = refusal("--issuer", "idp.acme.test")
    assert line.startswith("--issuer: issuer: found the string 'idp.acme.test'")
    monkeypatch.setenv("MOCKIDP_ISSUER", "idp.acme.test")
    assert refusal().startswith("MOCKIDP_ISSUER: issuer: found the string 'idp.acme.test'")


def test_a_mistake_in_the_text_of_a_tenant_file_names_the_option(refusal):
    assert refusal("--tenant", "clients: 5").startswith("--tenant:1: clients: found the number 5")


def test_all_mistakes_of_a_tenant_file_are_reported_with_their_lines(mockidp, folder):
    (folder / "t.yaml").write_text("clints: []\nusers: [{user_id: 5}]\n")
    done = mockidp("serve", "t.yaml")
    assert (done.status, done.out) == (1, "")
    assert "t.yaml:1: clints" in done.err
    assert "clients" in done.err
    assert "t.yaml:2: users[0].user_id" in done.err


@pytest.mark.parametrize(
    ("path", "message"), [("nowhere.yaml", "No such file"), (".", "found a directory")]
)
def test_an_unreadable_tenant_file_is_refused(refusal, path, message):
    assert message in refusal(path)


def test_a_placeholder_without_a_value_is_refused(refusal, folder):
    (folder / "t.yaml").write_text("tenant: {friendly_name: ##ENV##}\n")
    assert "ENV" in refusal("t.yaml")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refusal("t.yaml", "--placeholder", "ENV=dev", "--listen", f"localhost:{port}")
    assert "in use" in line


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "keys.pem: cannot be read: No such file or directory"),
        (b"", "keys.pem"),
        (b"not a key", "keys.pem"),
        (b"-----BEGIN PRIVATE KEY-----\nbm8=\n-----END PRIVATE KEY-----\n", "keys.pem"),
    ],
)
def test_a_key_file_without_a_usable_key_is_refused(refusal, folder, content, message):
    if content is not None:
        (folder / "keys.pem").write_bytes(content)
    assert message in refusal("--no-tls", "--keys", "keys.pem")


def test_a_data_directory_that_cannot_be_created_is_refused(refusal):
    line = refusal("--data-dir", "/dev/null/mockidp")
    assert "--data-dir" in line
    assert "--no-tls" in line


def test_signal_handlers_are_restored(refusal):
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    refusal("--listen", "foo", "--no-tls")
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_each_error_of_a_file_has_a_line_that_begins_with_the_file(mockidp, tmp_path):
    path = tmp_path / "tenant.yaml"
    path.write_text(
        "clients:\n  - {client_id: a, app_type: x}\n  - {client_id: b, callbacks: [y]}\n"
    )
    done = mockidp("serve", path)
    heading, *lines = done.err.splitlines()
    assert (done.status, heading) == (1, "mockidp: 2 errors")
    assert [one.partition(": found")[0] for one in lines] == [
        f"{path}:2: clients[0].app_type",
        f"{path}:3: clients[1].callbacks[0]",
    ]
