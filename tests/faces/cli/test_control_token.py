"""The control token, and the warning where none guards a server that others reach."""

from pathlib import Path

import pytest
import requests

from mockidp.cli.start import ServeOptions, make_server, warn_if_open
from mockidp.tenant.tenant import Tenant


def asked(listen="127.0.0.1:0", **options):
    return ServeOptions(listen=listen, data_dir=Path(), no_tls=True, **options)


@pytest.mark.parametrize(
    "options", [{"listen": "0.0.0.0:9400"}, {"tls_listen": "192.0.2.1:9443"}, {"listen": "*:1"}]
)
def test_without_a_token_a_server_that_others_reach_is_warned_about(options, capsys):
    warn_if_open(asked(**options))
    assert "can control this mock; set MOCKIDP_CONTROL_TOKEN" in capsys.readouterr().err
    warn_if_open(asked(**options, control_token="s3cret"))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("listen", ["127.0.0.1:9400", "localhost:0", "[::1]:9400"])
def test_a_server_on_loopback_is_not(listen, capsys):
    warn_if_open(asked(listen=listen))
    assert capsys.readouterr().err == ""


def test_a_token_is_demanded_on_loopback_as_well():
    # A proxy on the same machine makes a mock on loopback reachable from elsewhere.
    with make_server(asked(control_token="s3cret"), Tenant(), None) as server:
        users = f"http://127.0.0.1:{server.port}/_mockidp/v1/users"
        assert requests.get(users, timeout=5).status_code == 401
        token = {"Authorization": "Bearer s3cret"}
        assert requests.get(users, headers=token, timeout=5).status_code == 200
