"""Whoever serves in a shell that `mockidp env` was evaluated in is told what that means."""

from pathlib import Path

import pytest

from mockidp.cli.serve_options import ServeOptions
from mockidp.cli.start import warn_if_pinned

LEFT_OVER = {"issuer": "https://localhost:9443/"}


def asked(listen="127.0.0.1:0", environment=LEFT_OVER, **options):
    return ServeOptions(
        listen=listen, data_dir=Path(), no_tls=True, environment=dict(environment), **options
    )


def test_an_issuer_that_a_variable_pins_is_told(capsys):
    warn_if_pinned(asked())
    said = capsys.readouterr().err
    assert said.startswith("mockidp: MOCKIDP_ISSUER makes https://localhost:9443/ the issuer")
    assert "unset MOCKIDP_ISSUER" in said


@pytest.mark.parametrize(
    "options",
    [
        {"environment": {}},
        {"listen": "*:9400"},
        {"issuer": "http://localhost:9400/"},
        {"settings": {"issuer": "http://localhost:9400/"}},
    ],
    ids=["no variable", "in a container", "the option", "the setting"],
)
def test_one_that_is_meant_is_not(options, capsys):
    warn_if_pinned(asked(**options))
    assert capsys.readouterr().err == ""


def test_the_command_says_it(serve, monkeypatch):
    monkeypatch.setenv("MOCKIDP_ISSUER", "https://localhost:9443/")
    with serve(tls=("--no-tls",)) as server:
        pass
    assert "MOCKIDP_ISSUER makes https://localhost:9443/ the issuer" in server.err
