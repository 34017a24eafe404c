"""Who listens beyond loopback is told what that means."""

from pathlib import Path

import pytest

from mockidp.cli.start import Asked, warn_if_open


def asked(listen="127.0.0.1:0", **options):
    return Asked(listen=listen, data_dir=Path(), no_tls=True, **options)


@pytest.mark.parametrize(
    "options", [{"listen": "0.0.0.0:9400"}, {"tls_listen": "192.0.2.1:9443"}, {"listen": "*:1"}]
)
def test_without_a_token_a_server_that_others_reach_is_warned_about(options, capsys):
    warn_if_open(asked(**options))
    assert "can steer this mock: set MOCKIDP_CONTROL_TOKEN" in capsys.readouterr().err
    warn_if_open(asked(**options, control_token="s3cret"))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("listen", ["127.0.0.1:9400", "localhost:0", "[::1]:9400"])
def test_a_server_on_loopback_is_not(listen, capsys):
    warn_if_open(asked(listen=listen))
    assert capsys.readouterr().err == ""
