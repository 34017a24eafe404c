"""Containers that are configured only by variables; their state and certificates."""

import json
import os
import uuid

import pytest
import requests

from helpers.engine import started_in

CALLBACK = "http://localhost:3000/callback"
TENANT = json.dumps(
    {
        "clients": [{"client_id": "shop", "name": "Shop", "callbacks": [CALLBACK]}],
        "users": [{"user_id": "auth0|carol", "email": "carol@shop.example"}],
    }
)


@pytest.fixture
def volume(docker):
    """The name of a new volume."""
    name = docker("volume", "create", f"mockidp-{uuid.uuid4().hex[:12]}").stdout.strip()
    yield name
    docker("volume", "rm", "--force", name)


def clients(url, **options):
    items = requests.get(f"{url}/_mockidp/v1/clients", timeout=60, **options).json()["items"]
    return [one["client_id"] for one in items]


def test_a_variable_can_contain_the_tenant(start):
    with start(f"--env=MOCKIDP_TENANT={TENANT}") as container:
        assert clients(container.wait_ready().url) == ["shop"]


def test_a_tenant_can_be_pushed_inside_the_container(start):
    with start() as container:
        container.wait_ready()
        assert "shop" not in clients(container.url)
        pushed = container.send(TENANT, "mockidp", "push", "-")
        assert pushed.returncode == 0
        assert clients(container.url) == ["shop"]


def test_variables_that_kubernetes_injects_are_ignored(start):
    injected = ("PORT=tcp://10.0.0.7:9400", "SERVICE_HOST=10.0.0.7", "PORT_9400_TCP_PORT=9400")
    with start(*(f"--env=MOCKIDP_{each}" for each in injected)) as container:
        container.wait_ready()
        assert "is not a variable of mockidp" not in container.log


def test_the_log_can_be_json(start):
    with start("--env=MOCKIDP_LOG_FORMAT=json") as container:
        requests.get(f"{container.wait_ready().url}/nowhere", timeout=60)
        line = container.log.splitlines()[-1]
    assert json.loads(line)["logger"] == "mockidp.unmatched"


def test_the_control_api_can_require_a_token(start):
    with start("--env=MOCKIDP_CONTROL_TOKEN=sesame") as container:
        url = f"{container.wait_ready().url}/_mockidp/v1/users"
        assert requests.get(url, timeout=60).status_code == 401
        headers = {"Authorization": "Bearer sesame"}
        assert requests.get(url, headers=headers, timeout=60).status_code == 200
        assert "Set MOCKIDP_CONTROL_TOKEN to require" not in container.log


# --- https ---


def test_https_is_off_by_default(mock):
    assert "https   off" in mock.log


def test_https_works_with_a_read_only_file_system(start, tmp_path):
    options = ["--read-only", "--env=MOCKIDP_TLS_LISTEN=*:9443"]
    with start(*options, publish=(9400, 9443)) as container:
        container.wait_ready()
        ca_file = tmp_path / "ca.pem"
        ca_file.write_bytes(requests.get(f"{container.url}/_mockidp/ca.pem", timeout=60).content)
        url = f"https://localhost:{container.port(9443)}"
        found = requests.get(
            f"{url}/.well-known/openid-configuration", verify=str(ca_file), timeout=60
        )
        assert found.json()["issuer"] == f"{url}/"
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(f"{url}/_mockidp/health", timeout=60)
        assert "Download it from /_mockidp/ca.pem" in container.log


def test_the_certificate_is_valid_for_the_name_of_the_service(docker, network):
    script = (
        "import json, ssl, urllib.request as r;"
        "pem = r.urlopen('http://mockidp:9400/_mockidp/ca.pem').read().decode();"
        "trust = ssl.create_default_context(cadata=pem);"
        "url = 'https://mockidp:9443/.well-known/openid-configuration';"
        "print(json.load(r.urlopen(url, context=trust))['issuer'])"
    )
    with started_in(network, "--env=MOCKIDP_TLS_LISTEN=*:9443"):
        image = ["--entrypoint=python", os.environ["MOCKIDP_IMAGE"]]
        done = docker("run", "--rm", f"--network={network}", *image, "-c", script)
    assert done.stdout == "https://mockidp:9443/\n"


# --- state ---


@pytest.mark.parametrize("user", [(), ("--user=54321",)], ids=["default-user", "any-user"])
def test_state_in_a_volume_survives_the_container(docker, start, volume, user):
    options = [
        *user, "--read-only", f"--volume={volume}:/data", "--env=MOCKIDP_DATA_DIR=/data",
        "--env=MOCKIDP_PERSIST=1",
    ]  # fmt: skip
    with start(*options) as container:
        url = f"{container.wait_ready().url}/_mockidp/v1/users"
        requests.post(url, json={"user_id": "dave"}, timeout=60).raise_for_status()
        keys = requests.get(f"{container.url}/.well-known/jwks.json", timeout=60).json()
        docker("kill", "--signal=KILL", container.name)
    with start(*options) as container:
        url = container.wait_ready().url
        users = requests.get(f"{url}/_mockidp/v1/users", timeout=60).json()["items"]
        assert "auth0|dave" in [one["user_id"] for one in users]
        assert requests.get(f"{url}/.well-known/jwks.json", timeout=60).json() == keys


# --- names ---


LOGIN = """
import base64, hashlib, json, sys, urllib.request, urllib.parse
import jwt
back, front = sys.argv[1:]
get = lambda url, data=None: json.load(urllib.request.urlopen(url, data, timeout=60))
found = get(back + "/.well-known/openid-configuration")
form = {"grant_type": "client_credentials", "client_id": "m", "client_secret": "s",
        "audience": "https://api.example/"}
token = get(found["token_endpoint"], urllib.parse.urlencode(form).encode())["access_token"]
key = jwt.PyJWKClient(found["jwks_uri"]).get_signing_key_from_jwt(token)
claims = jwt.decode(token, key, ["RS256"], audience="https://api.example/", issuer=found["issuer"])
print(json.dumps([found["issuer"], claims["iss"], found["token_endpoint"]]))
"""


def log_in_from_a_job(docker, network, url):
    """Return issuer, `iss` and token endpoint, as a job in a container sees them."""
    image = ["--entrypoint=python", os.environ["MOCKIDP_IMAGE"]]
    done = docker("run", "--rm", f"--network={network}", *image, "-c", LOGIN, url, url)
    return json.loads(done.stdout)


def test_a_job_in_a_container_uses_the_name_of_the_service(docker, network):
    with started_in(network) as container:
        issuer, iss, token = log_in_from_a_job(docker, network, "http://mockidp:9400")
        assert issuer == iss == "http://mockidp:9400/"
        assert token == "http://mockidp:9400/oauth/token"
        here = requests.get(f"{container.url}/.well-known/openid-configuration", timeout=60).json()
        assert here["issuer"] == f"{container.url}/"


def test_a_pinned_issuer_applies_to_every_client(docker, network):
    with started_in(network, "--env=MOCKIDP_ISSUER=https://login.acme.test/") as container:
        issuer, iss, token = log_in_from_a_job(docker, network, "http://mockidp:9400")
        assert issuer == iss == "https://login.acme.test/"
        assert token == "http://mockidp:9400/oauth/token"
        here = requests.get(f"{container.url}/.well-known/openid-configuration", timeout=60).json()
        assert here["issuer"] == "https://login.acme.test/"
        assert here["token_endpoint"] == f"{container.url}/oauth/token"
