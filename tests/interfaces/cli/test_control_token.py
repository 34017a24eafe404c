"""The control token, and the warning about a mock on the network without one."""

from pathlib import Path

import pytest
import requests

from mockidp.cli.serving.options import ServeOptions
from mockidp.cli.serving.start import make_server, warn_if_exposed
from mockidp.tenant.tenant import Tenant


def options_for(listen="127.0.0.1:0", **options):
    return ServeOptions(listen=listen, data_dir=Path(), no_tls=True, **options)


@pytest.mark.parametrize(
    "options", [{"listen": "0.0.0.0:9400"}, {"tls_listen": "192.0.2.1:9443"}, {"listen": "*:1"}]
)
def test_serve_warns_if_other_machines_can_connect_and_no_token_is_set(options, capsys):
    warn_if_exposed(options_for(**options))
    err = capsys.readouterr().err
    assert err.startswith("mockidp: anyone who can reach ")
    assert err.endswith(
        "can control this mock. Set MOCKIDP_CONTROL_TOKEN to require a bearer token.\n"
    )
    warn_if_exposed(options_for(**options, control_token="s3cret"))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("listen", ["127.0.0.1:9400", "localhost:0", "[::1]:9400"])
def test_serve_does_not_warn_on_loopback(listen, capsys):
    warn_if_exposed(options_for(listen=listen))
    assert capsys.readouterr().err == ""


def test_a_token_is_required_on_loopback_too():
    # A proxy on the same machine can make it reachable from other machines.
    with make_server(options_for(control_token="s3cret"), Tenant(), None) as server:
        users = f"http://127.0.0.1:{server.port}/_mockidp/v1/users"
        assert requests.get(users, timeout=5).status_code == 401
        token = {"Authorization": "Bearer s3cret"}
        assert requests.get(users, headers=token, timeout=5).status_code == 200
