"""Where a mock is looked for that nobody named."""

import pytest

from mockidp.cli.server_call import default_url


@pytest.mark.parametrize(
    ("listen", "port"),
    [("*:8080", "8080"), ("[::]:81", "81"), (":82", "82"), ("*:0", "9400"), ("x", "9400")],
)
def test_who_is_configured_like_a_mock_finds_it(environment, listen, port):
    environment(MOCKIDP_LISTEN=listen)
    assert default_url() == f"http://localhost:{port}"


def test_a_port_that_is_none_is_told_by_the_variable(mockidp, environment):
    environment(MOCKIDP_LISTEN="localhost:99999")
    done = mockidp("health")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("mockidp: MOCKIDP_LISTEN: 'http://localhost:99999' is not a URL")


def test_a_mock_on_one_address_is_found_there(environment):
    environment(MOCKIDP_LISTEN="10.0.0.7:8080")
    assert default_url() == "http://10.0.0.7:8080"
