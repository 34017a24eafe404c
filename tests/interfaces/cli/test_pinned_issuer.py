"""The warning of `mockidp serve` in a shell that has the variables of `mockidp env`."""

from pathlib import Path

import pytest

from mockidp.cli.serving.options import ServeOptions
from mockidp.cli.serving.start import warn_if_pinned

LEFT_OVER = {"issuer": "https://localhost:9443/"}


def options_for(listen="127.0.0.1:0", environment=LEFT_OVER, **options):
    return ServeOptions(
        listen=listen, data_dir=Path(), no_tls=True, environment=dict(environment), **options
    )


def test_a_variable_that_pins_the_issuer_causes_a_warning(capsys):
    warn_if_pinned(options_for())
    assert capsys.readouterr().err == (
        "mockidp: MOCKIDP_ISSUER sets the issuer https://localhost:9443/ for every client. If the "
        "variable comes from `mockidp env`, which exports it for apps, unset it\n"
    )


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
def test_an_option_that_pins_the_issuer_causes_no_warning(options, capsys):
    warn_if_pinned(options_for(**options))
    assert capsys.readouterr().err == ""


def test_serve_prints_the_warning(serve, monkeypatch):
    monkeypatch.setenv("MOCKIDP_ISSUER", "https://localhost:9443/")
    with serve(tls=("--no-tls",)) as server:
        pass
    assert "MOCKIDP_ISSUER sets the issuer https://localhost:9443/" in server.err
