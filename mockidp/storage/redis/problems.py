"""Errors about the state on a server, with what to do about them."""

from __future__ import annotations

from mockidp.errors import MockIdPError

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


def other_state(found: str, mine: str) -> MockIdPError:
    """Return the error for the state of a mock with another identity, as `RedisState` has it."""
    theirs, ours = found.partition(" ")[0], mine.partition(" ")[0]
    if theirs != ours:
        return MockIdPError(
            f"The database on Redis has the state of mockidp {theirs}, and this is mockidp {ours}. "
            "Use the same version everywhere, another database (redis://HOST:PORT/NUMBER), or stop "
            "all mocks and delete the old state with `redis-cli flushdb`."
        )
    return MockIdPError(
        "The database on Redis has the state of a mock with another tenant file, other settings, "
        "other keys or another seed. Start all mocks with the same ones, use another database "
        "(redis://HOST:PORT/NUMBER), or delete the old state with `redis-cli flushdb`."
    )


def evicted(store: str) -> MockIdPError:
    """Return the error for a store that has fewer entries than were written."""
    return MockIdPError(
        f"Redis has deleted entries of the store `{store}`. Set maxmemory-policy to noeviction, "
        "stop all mocks, delete the state with `redis-cli flushdb`, and start them again."
    )
