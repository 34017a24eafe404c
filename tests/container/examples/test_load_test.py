"""load-test/compose.yaml: two workers that share their state, here on Valkey instead of Redis."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

FILE = "load-test/compose.yaml"
IDP = "http://localhost:9400"
MACHINE = {
    "grant_type": "client_credentials",
    "client_id": "acme-m2m",
    "client_secret": "acme-m2m-secret",
    "audience": "https://api.acme.example/",
}

COUNT = """
from glob import glob
print(sum(b"mock" b"idp" in open(name, "rb").read() for name in glob("/proc/[0-9]*/cmdline")))
"""


@pytest.fixture(scope="module")
def up(run, compose, published):
    run("docker", "tag", "acme-valkey", "redis:7-alpine")
    try:
        compose(FILE, "up", "--wait", "--wait-timeout=60")
        yield
    finally:
        compose(FILE, "down")
        run("docker", "image", "rm", "redis:7-alpine")


def test_the_store_is_valkey(compose, up):
    facts = compose(FILE, "exec", "-T", "redis", "redis-cli", "info", "server")
    assert "server_name:valkey" in facts


def test_two_workers_answer_and_share_the_journal(compose, up):
    def request(_number):
        return requests.post(f"{IDP}/oauth/token", data=MACHINE, timeout=60).status_code

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(request, range(100))) == {200}
    query = f"endpoint=token&status=200&client={MACHINE['client_id']}"
    for _ in range(10):
        entries = requests.get(f"{IDP}/_mockidp/v1/journal?{query}", timeout=60).json()["items"]
        assert len(entries) == 100
    count = compose(FILE, "exec", "-T", "mockidp", "python", "-c", COUNT)
    assert count.strip() == "3", "a parent and two workers"


def test_a_code_is_redeemed_once(up):
    login = {"response_type": "code", "client_id": "acme-web", "scope": "openid"}
    login["redirect_uri"] = "http://localhost:3000/callback"
    requests.post(f"{IDP}/_mockidp/v1/sign-ins", json={"user": "alice"}, timeout=60)
    answer = requests.get(f"{IDP}/authorize", login, allow_redirects=False, timeout=60)
    code = answer.headers["Location"].split("code=")[1].split("&")[0]
    form = {
        "grant_type": "authorization_code",
        "client_id": "acme-web",
        "client_secret": "acme-web-secret",
        "code": code,
        "redirect_uri": login["redirect_uri"],
    }

    def redeem(_number):
        return requests.post(f"{IDP}/oauth/token", data=form, timeout=60).status_code

    with ThreadPoolExecutor(20) as pool:
        assert sorted(pool.map(redeem, range(20))) == [200] + [403] * 19
