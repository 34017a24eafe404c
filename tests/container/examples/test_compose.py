"""compose.yaml: an app, its mock, and browsers in a container and on the host."""

import pytest
import requests

APP = "http://localhost:3000"
IDP = "http://localhost:9400"


@pytest.fixture(scope="module")
def up(compose, published):
    try:
        compose("compose.yaml", "up", "--wait", "--wait-timeout=60")
        yield
    finally:
        compose("compose.yaml", "--profile=test", "down")


def test_a_browser_in_a_container_logs_in(compose, up):
    assert "1 passed" in compose("compose.yaml", "run", "--rm", "browser-test")


def test_a_browser_on_the_host_logs_in_at_the_published_port(up):
    with requests.Session() as browser:
        to_idp = browser.get(f"{APP}/login", allow_redirects=False, timeout=60)
        assert to_idp.headers["Location"].startswith(f"{IDP}/authorize?")
        requests.post(f"{IDP}/_mockidp/v1/sign-ins", json={"user": "dana"}, timeout=60)
        home = browser.get(to_idp.headers["Location"], timeout=60)
    assert (home.url, home.text) == (f"{APP}/", "<h1>Hello Dana Acme</h1>")


def test_the_doctor_finds_no_problem_with_the_two_names(compose, up):
    command = ["mockidp", "doctor", "--url=http://mockidp:9400"]
    output = compose("compose.yaml", "exec", "-T", "mockidp", *command)
    assert f"is sent to {IDP}" in output


def test_the_compose_file_of_the_dev_container_is_valid(compose):
    file = "devcontainer/compose.yaml"
    assert sorted(compose(file, "config", "--services").split()) == ["dev", "mockidp"]
