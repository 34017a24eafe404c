"""The options of `mockidp serve`, from the command line and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from mockidp.frozen import frozen

DEFAULT_TLS_LISTEN = "127.0.0.1:9443"


@frozen
class ServeOptions:
    """What to serve, where, and with which settings."""

    listen: str
    data_dir: Path
    file: Path | None = None
    example: str | None = None
    tenant: str | None = None
    """The text of a tenant file."""
    tls_listen: str | None = None
    no_tls: bool = False
    issuer: str | None = None
    is_default_data_dir: bool = False
    """Whether the user did not choose the data directory, so that it may be read-only."""
    keys: str | None = None
    """A PEM file, or the text of one."""
    seed: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    """The settings in environment variables, by name."""
    placeholders: Mapping[str, str] = field(default_factory=dict)
    persist: bool = False
    store: str | None = None
    """The URL of a Redis server, which may contain a password."""
    workers: int = 1
    """The number of processes that answer requests."""
    control_token: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    """The option or variable of addresses, keys, the issuer and the text of a tenant file."""

    @property
    def tls_address(self) -> str:
        """The address for https."""
        return self.tls_listen or DEFAULT_TLS_LISTEN

    def source(self, name: str) -> str:
        """Return the option or variable that a value comes from, for error messages."""
        return self.sources.get(name, name)
