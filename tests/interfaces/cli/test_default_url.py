"""The default URL of a mock."""

import pytest

from mockidp.cli.calls.server_call import default_url


@pytest.mark.parametrize(
    ("listen", "port"),
    [("*:8080", "8080"), ("[::]:81", "81"), (":82", "82"), ("*:0", "9400"), ("x", "9400")],
)
def test_a_command_finds_the_mock_of_the_same_environment(environment, listen, port):
    environment(MOCKIDP_LISTEN=listen)
    assert default_url() == f"http://localhost:{port}"


def test_an_invalid_port_is_reported_with_its_variable(mockidp, environment):
    environment(MOCKIDP_LISTEN="localhost:99999")
    done = mockidp("health")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("mockidp: MOCKIDP_LISTEN: 'http://localhost:99999' is not a URL")


def test_the_host_of_the_variable_is_used(environment):
    environment(MOCKIDP_LISTEN="10.0.0.7:8080")
    assert default_url() == "http://10.0.0.7:8080"
