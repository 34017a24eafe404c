"""Suggest `--listen` in place of the options that other programs have for ports and hosts."""

from __future__ import annotations

import re

_PORTS = {
    "--port": "--listen", "-p": "--listen", "--http-port": "--listen",
    "--https-port": "--tls-listen", "--tls-port": "--tls-listen",
}  # fmt: skip
_HOSTS = ("--host", "--bind", "--address")
_DEFAULT_PORTS = {"--listen": "9400", "--tls-listen": "9443"}


def listen_instead(option: str, args: list[str]) -> str | None:
    """Return the equivalent option of `serve` and its value, or None if it has no equivalent.

    Args:
        option: An option that `serve` does not have.
        args: The whole command line, from which host and port are taken.
    """
    if option not in (*_PORTS, *_HOSTS):
        return None
    ours = _PORTS.get(option, "--listen")
    ports = (_value(args, name, "[0-9]{1,5}") for name, one in _PORTS.items() if one == ours)
    port = next(filter(None, ports), _DEFAULT_PORTS[ours])
    host = next(filter(None, (_value(args, name, r"[\w.*:\[\]-]+") for name in _HOSTS)), "")
    return f"{ours} {host}:{port}" if host and ":" not in host else f"{ours} {host or port}"


def _value(args: list[str], option: str, pattern: str) -> str:
    """Return the value of an option, given as `--option value` or `--option=value`."""
    found = re.search(rf"(?:^|\0){option}[=\0]?({pattern})(?:$|\0)", "\0".join(args))
    return found[1] if found else ""
