"""The connection to a Redis or Valkey server. No message contains the URL, which has a password."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.client import Pipeline
from redis.retry import Retry

from mockidp.errors import MockIdPError
from mockidp.server.monotonic import monotonic
from mockidp.storage.redis.scripts import SCRIPTS
from mockidp.storage.redis.url import WRONG_PARAMETER, check_url, wrong_url

T = TypeVar("T")
TIMEOUT = 5.0
"""Seconds after which a command has failed."""
OLDEST = (6, 2)
"""The first version with all commands that are used. Valkey reports a later one."""
_ENDED = "Is it running? If it expects TLS, write rediss:// in the URL of the store."
_REMEDIES = {
    "Connection refused": "Is it running?",
    "mismatch, certificate": "Write the host into the URL of the store as it is in the certificate "
    "of the server.",
    "certificate has expired": "Renew the certificate of the server.",
    "certificate verify failed": "Add the certificate authority of the server to the URL of the "
    "store: ?ssl_ca_certs=ca.pem.",
    "X509": "Correct the file of ssl_ca_certs in the URL of the store. It has to contain the "
    "certificate of an authority in PEM format.",
    "Connection reset": _ENDED,
    "closed by server": _ENDED,
    "Timeout connecting": "If the server does not expect TLS, write redis:// in the URL of the "
    "store.",
    "DB index": "Correct the number of the database in the URL of the store.",
    "No such file": "Correct the path in the URL of the store, of the socket or of ssl_ca_certs.",
    "not known": "Correct the host in the URL of the store.",
    "Permission denied": "Let the mock use the path in the URL of the store, of the socket or of "
    "ssl_ca_certs.",
    "permission": "Let the user in the URL of the store use all keys that begin with mockidp:, and "
    "all commands with them, and also INFO: ACL SETUSER NAME ~mockidp:* +@all -@dangerous +info.",
    "read only replica": "Write the primary server into the URL of the store.",
    "Link with MASTER": "Write the primary server into the URL of the store.",
    "maxmemory": "Let it use more memory (maxmemory).",
    "Too many open files": "Let the mock open more files (ulimit -n).",
    "max number of clients": "Let it accept more connections (maxclients).",
    "unknown command": "Use a server on which no command is renamed or disabled.",
    "WRONGTYPE": "Another program has keys that begin with mockidp:. Use another database "
    "(redis://HOST:PORT/NUMBER).",
    "loading": "It has just started, and will be ready soon.",
}
"""What to do about errors that contain a text."""
_WITHOUT_ANSWER = (redis.ConnectionError, redis.TimeoutError)
"""Their subclasses are answers of the server, such as that it is still loading its data."""


class AnswerLostError(MockIdPError):
    """A command was sent, but its answer did not arrive, so it may have been executed."""


class ConnectionEndedError(AnswerLostError):
    """The answer did not arrive, because the connection has ended."""


class _AnswerLostError(redis.ConnectionError):
    """The same, for the package redis, which then closes the connection."""


class _Timed:
    """A client or pipeline that reports how long it waits for the server.

    Attributes:
        on_command: Called with the name of a command and its seconds.
    """

    connection_pool: Any
    on_command: Callable[[str, float], object] | None = None

    @contextmanager
    def timed(self, command: str) -> Iterator[None]:
        """Report the time of a command, which is sent inside."""
        began = monotonic()
        try:
            yield
        finally:
            if self.on_command is not None:
                self.on_command(command, monotonic() - began)

    def parse_response(self, connection: Any, command_name: Any, **options: Any) -> Any:
        """Return the answer to a command that was sent."""
        parse: Any = super().parse_response  # type: ignore[misc]  # that of the client
        try:
            return parse(connection, command_name, **options)
        except (redis.ConnectionError, redis.TimeoutError) as error:
            if type(error) not in _WITHOUT_ANSWER:
                raise
            # What has ended this connection may have ended all that are idle.
            self.connection_pool.disconnect(inuse_connections=False)
            raise _AnswerLostError(str(error)) from error


class TimedRedis(_Timed, redis.Redis):
    """A client for a server."""

    def execute_command(self, *words: Any, **options: Any) -> Any:
        """Execute a command."""
        execute: Any = super().execute_command  # some versions of the package have no types
        with self.timed(str(words[0]).lower()):
            return execute(*words, **options)

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Any:  # noqa: FBT001, FBT002 - as in the package
        """Return a pipeline, which sends all its commands at once."""
        pipeline = _TimedPipeline(
            self.connection_pool, self.response_callbacks, transaction, shard_hint
        )
        pipeline.on_command = self.on_command
        return pipeline

    @cached_property
    def untimed(self) -> TimedRedis:
        """A client with the same connections whose commands are not reported."""
        return TimedRedis(connection_pool=self.connection_pool)


class _TimedPipeline(_Timed, Pipeline):
    """A pipeline of a client."""

    def execute(self, raise_on_error: bool = True) -> Any:  # noqa: FBT001, FBT002 - as in the package
        """Send all commands."""
        execute: Any = super().execute
        with self.timed("pipeline"):
            return execute(raise_on_error=raise_on_error)


def connect(url: str) -> Any:
    """Return a client for a server, which threads can share.

    Raises:
        MockIdPError: The URL is wrong, or the server cannot be used.
    """
    check_url(url)
    try:
        pool: Any = redis.ConnectionPool.from_url(
            url,
            decode_responses=True,
            encoding_errors="surrogatepass",  # keys may come from JSON with a lone surrogate
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=Retry(NoBackoff(), 0),  # a commit must not run twice
        )
        # A client with a pool of its own would close it when it is deleted, also for `untimed`.
        client: Any = TimedRedis(connection_pool=pool)
        with checked():
            _check_server(client.info())
            _load_scripts(client)
    except (TypeError, ValueError):  # the first one for an unknown parameter
        raise wrong_url(WRONG_PARAMETER) from None
    return client


def _load_scripts(client: Any) -> None:
    """Load the scripts, so that no request sends one whose hash the server does not know."""
    with client.pipeline(transaction=False) as together:
        for script in SCRIPTS:
            together.script_load(script)
        together.execute()


def _check_server(info: Any) -> None:
    """Check version and settings of a server.

    Raises:
        MockIdPError: They do not fit.
    """
    mode = str(info.get("redis_mode", "standalone"))
    if mode != "standalone":
        raise MockIdPError(
            f"The Redis server is in {mode} mode, in which the state of a tenant cannot be changed "
            "in one step. Write the URL of a standalone server as the store."
        )
    version = str(info["redis_version"])
    if tuple(map(int, version.split(".")[:2])) < OLDEST:
        raise MockIdPError(
            f"The Redis server has version {version}, and mockidp needs {OLDEST[0]}.{OLDEST[1]} or "
            "later. Update it, or use Valkey."
        )
    policy = str(info.get("maxmemory_policy", "noeviction"))
    if info.get("maxmemory") and policy != "noeviction":
        raise MockIdPError(
            f"The Redis server has the eviction policy {policy}, with which it deletes users and "
            "codes once its memory is full. Set maxmemory-policy to noeviction."
        )


@contextmanager
def checked() -> Iterator[None]:
    """Turn errors of the client into MockIdPError, or AnswerLostError for a lost answer."""
    try:
        yield
    except redis.AuthenticationError:
        raise MockIdPError(
            "Redis refused the user or the password in the URL of the store. Correct it."
        ) from None
    except redis.RedisError as error:
        text = str(error).partition(" script: ")[0].partition(", with args")[0].rstrip(".")
        # Before it is a command, with data.
        text = text.rpartition(" of pipeline caused error: ")[2]
        raise _kind(error)(_failure(text)) from None
    except OSError as error:  # a new connection reads files of the package
        raise MockIdPError(_failure(str(error.strerror))) from None


def read_again(read: Callable[[], T]) -> T:
    """Return what a command reads. If the connection ends, the command is sent again.

    A command that changes something must change the same if it is executed twice.

    The server, or a proxy, may end a connection that is idle.
    """
    try:
        with checked():
            return read()
    except ConnectionEndedError:
        with checked():
            return read()


def _kind(error: redis.RedisError) -> type[MockIdPError]:
    if not isinstance(error, _AnswerLostError):
        return MockIdPError
    is_late = isinstance(error.__cause__, redis.TimeoutError)
    return AnswerLostError if is_late else ConnectionEndedError


def _failure(text: str) -> str:
    """Return a message about an error, and what to do about it."""
    found = (remedy for part, remedy in _REMEDIES.items() if part.casefold() in text.casefold())
    remedy = next(found, "Is it running, and does it have free memory?")
    return f"Redis cannot be used: {text}. {remedy}"
