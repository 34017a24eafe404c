"""The image: its metadata, start and end."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import zlib
from contextlib import closing
from datetime import datetime
from http.client import HTTPConnection

import jwt
import pytest
import requests

IMAGE = os.environ["MOCKIDP_IMAGE"]
MAX_BYTES = 60_000_000
API = "https://api.example/"
HARDENED = {
    "read-only": ["--read-only"],
    "no-capabilities": ["--cap-drop=ALL"],
    "no-new-privileges": ["--security-opt=no-new-privileges"],
    "any-user": ["--user=54321:12345"],
    "root": ["--user=0:0"],
    "another-directory": ["--workdir=/some/where/else"],
    "no-shell": ["--mount=type=tmpfs,destination=/usr/bin", "--read-only"],
    "little-memory": ["--memory=96m", "--pids-limit=100"],
}
HARDENED["all"] = [
    *HARDENED["read-only"], *HARDENED["no-capabilities"], *HARDENED["no-new-privileges"],
    *HARDENED["any-user"], *HARDENED["little-memory"],
]  # fmt: skip


@pytest.fixture(scope="module")
def config():
    done = subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=True)
    return json.loads(done.stdout)[0]["Config"]


def verified_claims(url):
    """Request a client credentials token, and return its claims as an API verifies them."""
    form = {
        "grant_type": "client_credentials", "client_id": "machine", "client_secret": "s",
        "audience": API,
    }  # fmt: skip
    token = requests.post(f"{url}/oauth/token", data=form, timeout=60).json()["access_token"]
    keys = jwt.PyJWKSet.from_dict(requests.get(f"{url}/.well-known/jwks.json", timeout=60).json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["RS256"], audience=API, issuer=f"{url}/")


# --- metadata and content ---


def test_the_configuration_names_command_port_and_user(config):
    assert (config["Entrypoint"], config["Cmd"]) == (["mockidp"], ["serve"])
    assert list(config["ExposedPorts"]) == ["9400/tcp"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", config["User"]), (
        "numeric, for runAsNonRoot of Kubernetes"
    )
    assert config["Healthcheck"]["Test"] == ["CMD", "mockidp", "health"]
    assert config["Healthcheck"]["StartInterval"] <= 500_000_000


def test_the_labels_describe_the_image(config):
    labels = config["Labels"]
    assert labels["org.opencontainers.image.title"] == "mockidp"
    assert labels["org.opencontainers.image.licenses"] == "MIT"
    assert labels["org.opencontainers.image.description"]


def test_the_image_is_small(report):
    size, packer = 0, zlib.compressobj(6, zlib.DEFLATED, 31)
    with subprocess.Popen(["docker", "save", IMAGE], stdout=subprocess.PIPE) as saved:
        while block := saved.stdout.read(1 << 20):
            size += len(packer.compress(block))
    size += len(packer.flush())
    assert saved.returncode == 0
    report("size, compressed", f"{size / 1e6:.1f} MB (at most {MAX_BYTES / 1e6:.0f})")
    assert size <= MAX_BYTES


def test_all_imported_modules_are_compiled(mock):
    script = (
        "import sys, mockidp.cli.health, mockidp.cli.serve, mockidp.web.app, mockidp.server;"
        "import mockidp.web.control.operations, os;"
        "print([m.__file__ for m in list(sys.modules.values())"
        " if getattr(m, '__cached__', None) and not os.path.exists(m.__cached__)])"
    )
    assert mock.run("python", "-c", script).stdout == "[]\n"


# --- start ---


def test_a_container_is_healthy_before_the_first_regular_check(start, config, report):
    with start() as container:
        container.wait_until(lambda: container.health != "starting")
        state = container.inspect()["State"]
    last = state["Health"]["Log"][-1]
    assert (state["Health"]["Status"], last["Output"]) == ("healthy", "ok\n")
    times = (state["StartedAt"], last["End"])
    begun, healthy = (datetime.fromisoformat(time).timestamp() for time in times)
    report("start to healthy", f"{healthy - begun:.2f} s")
    assert healthy - begun < config["Healthcheck"]["Interval"] / 1e9


def test_a_container_listens_only_when_it_is_ready(docker, start, report):
    with start() as container:
        docker("stop", container.name)
        docker("start", container.name)
        begun = time.monotonic()
        address = container.address
        while not listens(address):
            assert time.monotonic() - begun < 60, container.log
        with closing(HTTPConnection(address, 9400, timeout=60)) as connection:
            connection.request("GET", "/.well-known/jwks.json")
            assert connection.getresponse().status == 200
        report("start to ready", f"{time.monotonic() - begun:.2f} s")


def listens(address):
    try:
        socket.create_connection((address, 9400), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("options", HARDENED.values(), ids=HARDENED)
def test_a_container_runs_with_restrictions(start, options):
    with start(*options) as container:
        container.wait_ready()
        assert verified_claims(container.url)["sub"] == "machine@clients"
        container.wait_until(lambda: container.health == "healthy")


def test_the_default_user_is_unprivileged(mock):
    assert mock.run("python", "-c", "import os; print(os.getuid(), os.getgid())").stdout == (
        "10001 10001\n"
    )


def test_a_container_listens_on_ipv4_and_ipv6(mock):
    script = (
        "import socket;"
        "print([socket.create_connection((a, 9400)).getpeername()[0] for a in ('127.0.0.1', '::1')])"
    )
    assert mock.run("python", "-c", script).stdout == "['127.0.0.1', '::1']\n"


def test_a_container_without_a_control_token_prints_a_warning(mock):
    assert "Set MOCKIDP_CONTROL_TOKEN to require a bearer token" in mock.log


@pytest.mark.parametrize("listen", ["*:8080", "0.0.0.0:8080", ":8080"])
def test_the_health_check_uses_the_address_of_the_variable(start, listen):
    with start(f"--env=MOCKIDP_LISTEN={listen}") as container:
        container.wait_until(lambda: container.health == "healthy")
        assert container.run("mockidp", "clock").stdout


def test_a_mock_that_does_not_answer_is_unhealthy(start):
    options = ["--health-start-period=0s", "--health-retries=1", "--health-interval=200ms"]
    sleeping = ["-c", "import time; time.sleep(60)"]
    with start(*options, "--entrypoint=python", arguments=sleeping) as container:
        container.wait_until(lambda: container.health == "unhealthy")


# --- end ---


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_container_with_status_0(docker, start, report, number):
    with start() as container:
        container.wait_ready()
        verified_claims(container.url)
        begun = time.monotonic()
        docker("kill", f"--signal={number.name}", container.name)
        assert docker("wait", container.name).stdout == "0\n"
        took = time.monotonic() - begun
        assert "Traceback" not in container.log
    report(f"{number.name} to exit", f"{took:.2f} s")
    assert took < 10, "after this time `docker stop` kills the process"


def test_a_container_can_be_stopped_before_it_serves(docker, start):
    slow = (
        "import signal, mockidp.cli.group as group, mockidp.__main__ as program;"
        "group.run = signal.pause; print('starting', flush=True); program.main()"
    )
    with start("--entrypoint=python", arguments=["-c", slow]) as container:
        container.wait_until(lambda: "starting" in container.log)
        docker("stop", "--time=20", container.name)
        assert container.inspect()["State"]["ExitCode"] == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--env=MOCKIDP_SEED=x"], "mockidp: MOCKIDP_SEED: 'x' is not a valid integer."),
        (["--env=MOCKIDP_TENANT=clients: 5"], "mockidp: MOCKIDP_TENANT:1: clients: found the"),
        (["--env=MOCKIDP_TENANT_FILE=/nowhere"], "mockidp: /nowhere: found a file that cannot be read"),
        (["--env=MOCKIDP_LISTEN=nonsense"], "mockidp: MOCKIDP_LISTEN: 'nonsense' is not an"),
        (["--env=MOCKIDP_PROFILE=okta"], "mockidp: MOCKIDP_PROFILE: profile: found the string"),
        (["--env=MOCKIDP_KEYS=-----BEGIN X"], "mockidp: MOCKIDP_KEYS: no PEM private key found"),
    ],
)  # fmt: skip
def test_an_invalid_variable_ends_the_container_with_one_line(docker, options, message):
    done = docker("run", "--rm", *options, IMAGE, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(message)
