"""Errors about the state on a server, with what to do about them."""

from __future__ import annotations

from mockidp.codec.mistakes import printable
from mockidp.errors import MockIdPError
from mockidp.storage.redis.identity import Identity, Outline, differences

_MAX_NAMED = 5
"""How many different parts an error names."""

KEPT = (
    "a request was answered with 503, because the connection to Redis was lost, but its changes "
    "were kept"
)
"""The log line for a commit that was made, although its answer was lost."""


def lost_lease(seconds: int) -> MockIdPError:
    """Return the error for a writer whose lease has expired after some seconds."""
    return MockIdPError(
        f"Redis refused the changes of a request: it took longer than {seconds} seconds, and "
        "another mock has changed the tenant meanwhile, or Redis was restarted, or its data was "
        "deleted. Send the request again."
    )


def unchecked_commit(error: MockIdPError) -> MockIdPError:
    """Return the error for a commit if another error hides whether it was made."""
    return MockIdPError(
        f"{error} The changes of the request may have been kept. Check this before you send it "
        "again."
    )


def refused_commit(result: str, seconds: int) -> MockIdPError:
    """Return the error for the result of a commit (`CommitVerdict`) and a lease of seconds."""
    if result == "excluded":
        return MockIdPError(
            "The connection to Redis was lost before the changes of a request were written, so "
            "nothing was changed. Send the request again."
        )
    if result != "unknown":
        return lost_lease(seconds)
    return MockIdPError(
        "The connection to Redis was lost while the changes of a request were written, and other "
        "mocks have made too many changes since to find out whether they were kept. Check this "
        "before you send the request again."
    )


def other_state(found: str, outline: Outline, mine: Identity) -> MockIdPError:
    """Return the error for the state of a mock with another identity.

    Args:
        found: The text of its identity.
        outline: Its outline; empty if it was deleted since.
        mine: The identity of this mock.
    """
    theirs = found.partition(" ")[0]
    if theirs != mine.version:
        return MockIdPError(
            f"The database on Redis has the state of mockidp {theirs}, and this is mockidp "
            f"{mine.version}. "
            "Use the same version everywhere, another database (redis://HOST:PORT/NUMBER), or stop "
            "all mocks and delete the old state with `redis-cli flushdb`."
        )
    paths = [printable(path) for path in differences(mine.outline, outline)] if outline else []
    named = ", ".join(f"`{path}`" for path in paths[:_MAX_NAMED])
    more = f" and {len(paths) - _MAX_NAMED} more" if len(paths) > _MAX_NAMED else ""
    where = f" The difference is in {named}{more}." if named else ""
    return MockIdPError(
        "The database on Redis has the state of a mock with another tenant file, other settings, "
        f"other keys or another seed.{where} Start all mocks with the same ones, use another "
        "database (redis://HOST:PORT/NUMBER), or delete the old state with `redis-cli flushdb`."
    )


def evicted(store: str) -> MockIdPError:
    """Return the error for a store that has fewer entries than were written."""
    return MockIdPError(
        f"Redis has deleted entries of the store `{store}`. Set maxmemory-policy to noeviction, "
        "stop all mocks, delete the state with `redis-cli flushdb`, and start them again."
    )
