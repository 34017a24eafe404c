"""State files that are damaged, removed or of another version, and writes that fail."""

import contextlib
import logging
import random
import shutil
import sqlite3
import threading
from dataclasses import replace

import pytest

from helpers.persisted_tenant import ACME, CONSENT, TOKEN, keys_of, started, state, without, written
from mockidp.errors import MockIdPError
from mockidp.protocol.errors.oauth_error import ServerError
from mockidp.storage.state_file import FILE, StateFile
from mockidp.tenant.state.persistence import persistent_tenant
from mockidp.tenant.state.sign_ins import SignIn
from mockidp.tenant.tenant import Tenant


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello" * 500, "file is not a database"),
        (
            b"SQLite format 3\0" + b"\xff" * 5000,
            r"state\.sqlite3 cannot be used: .*\. Fix or remove it",
        ),
    ],
)
def test_a_file_that_is_not_a_database_is_refused(tmp_path, content, message):
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(MockIdPError, match=message):
        StateFile(tmp_path)
    assert (tmp_path / FILE).read_bytes() == content


def test_an_empty_file_becomes_a_database(tmp_path):
    (tmp_path / FILE).touch()
    with started(tmp_path) as tenant:
        assert tenant.document == Tenant(ACME).document


def test_the_database_of_another_program_is_not_changed(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.commit()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(MockIdPError, match=r"is not a state file of mockidp\. Move it away"):
        StateFile(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def edit(directory, statement):
    with contextlib.closing(sqlite3.connect(directory / FILE)) as other:
        other.execute(statement)
        other.commit()


def test_the_file_of_another_version_is_refused(tmp_path):
    StateFile(tmp_path).close()
    edit(tmp_path, "PRAGMA user_version = 1")
    with pytest.raises(MockIdPError) as refused:
        StateFile(tmp_path)
    assert str(refused.value) == (
        f"{tmp_path}/{FILE} has version 1, but this mockidp only supports version 2. Remove it, or "
        "set another directory with --data-dir."
    )


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "UPDATE entries SET value = '{' WHERE store = 'clock'",
            r"cannot be used: .*\. Fix or remove it",
        ),
        ("UPDATE entries SET value = '[]' WHERE store = 'clock'", r"key 'value': .*expected a map"),
        (
            "UPDATE entries SET value = '{\"skew\": 1e13}' WHERE store = 'clock'",
            r"damaged \(store clock, key 'value': /clock: ",
        ),
        (
            "UPDATE entries SET value = '{\"users\": 1}' WHERE store = 'configuration'",
            "/users: expected one of sections, not_acted_on, ",
        ),
        (
            "UPDATE entries SET value = json_set(value, '$.sections.tenant', 1) WHERE store LIKE 'con%'",
            "store configuration, key 'value': configuration: tenant: found the number 1",
        ),
        (
            "UPDATE entries SET value = '{\"email\": 1}' WHERE store = 'users'",
            r"damaged \(store users, key 'auth0\|alice': users: email: found the number 1",
        ),
        ("UPDATE entries SET value = '1' WHERE store = 'start'", r"store start, key 'value': "),
        ("UPDATE entries SET value = '{}' WHERE store = 'signing'", "/keys: expected a value"),
        ("DELETE FROM entries WHERE store = 'signing'", "damaged .missing stores: signing"),
        ("DELETE FROM entries WHERE store = 'start'", "damaged .missing stores: start"),
        (
            "UPDATE entries SET value = '{}' WHERE store = 'refresh_tokens'",
            r"damaged \(store refresh_tokens, key 'r': /family_id: expected a value: family_id is required\)",
        ),
        ("UPDATE entries SET store = 'x' WHERE store = 'refresh_tokens'", "unknown stores: x"),
        ("UPDATE entries SET expires_at = 'x'", r"cannot be used: .*\. Fix or remove it"),
        (
            "DELETE FROM entries WHERE store != 'refresh_tokens'",
            "missing stores: clock, configuration, sign_ins, signing, start",
        ),
    ],
)
def test_a_damaged_file_is_refused_every_time(tmp_path, statement, message):
    with started(tmp_path) as tenant:
        tenant.refresh_tokens.put("r", TOKEN, expires_at=2.0**40)
    edit(tmp_path, statement)
    for _ in range(2):
        with pytest.raises(MockIdPError, match=message), started(tmp_path):
            pass


def test_a_file_with_random_damage_is_read_or_refused_with_a_message(tmp_path):
    with started(tmp_path / "whole") as tenant:
        for index in range(30):
            tenant.refresh_tokens.put(f"r{index}", TOKEN, expires_at=2.0**40)
    whole, chance, messages = (tmp_path / "whole" / FILE).read_bytes(), random.Random(5), []
    (tmp_path / "damaged").mkdir()
    for _ in range(150):
        damaged, at = bytearray(whole), chance.randrange(len(whole))
        length = chance.choice([1, 100, 4096])
        damaged[at : at + length] = bytes(len(damaged[at : at + length]))
        (tmp_path / "damaged" / FILE).write_bytes(damaged[: chance.choice([at, None])])
        try:
            with started(tmp_path / "damaged"):
                pass
        except MockIdPError as error:
            messages.append(str(error))
    assert 0 < len(messages) < 150
    assert any("it is damaged (" in one for one in messages)
    assert all(one.startswith(str(tmp_path / "damaged" / FILE)) for one in messages)


def test_a_process_killed_in_any_write_leaves_the_state_before_or_after_the_exchange(tmp_path):
    with started(tmp_path / "data") as tenant:
        before, start = state(tenant), written(tmp_path / "data")
        with tenant.backend.transaction():
            tenant.refresh_tokens.put("r", TOKEN, expires_at=2.0**40)
            tenant.consents.put("c", replace(CONSENT, scope=("x" * 9000,)))
            tenant.sign_ins.add(SignIn(user_id="auth0|alice"))
            tenant.change(without("auth0|bob"))
            tenant.rotate_keys()
        after, end = state(tenant), written(tmp_path / "data")
        found = []
        for size in range(start, end + 1, 1000):
            killed = tmp_path / f"{size}"
            shutil.copytree(tmp_path / "data", killed)
            with (killed / f"{FILE}-wal").open("r+b") as log:
                log.truncate(size)
            with started(killed) as again:
                found.append(state(again))
        shutil.copytree(tmp_path / "data", tmp_path / "answered")
    with started(tmp_path / "answered") as again:
        found.append(state(again))
    assert len(found) > 10
    assert all(one in (before, after) for one in found)
    assert (found[0], found[-1]) == (before, after)


def _replace_by_a_copy(directory):
    shutil.copy(directory / FILE, directory / "copy")
    (directory / "copy").replace(directory / FILE)


def _replace_by_a_directory(directory):
    (directory / FILE).unlink()
    (directory / FILE).mkdir()


@pytest.mark.parametrize(
    "remove",
    [
        lambda directory: (directory / FILE).unlink(),
        lambda directory: (directory / f"{FILE}-wal").unlink(),
        lambda directory: directory.rename(directory.with_name("moved")),
        shutil.rmtree,
        _replace_by_a_copy,
        _replace_by_a_directory,
    ],
)
def test_every_change_is_refused_after_the_file_was_removed_or_replaced(tmp_path, remove):
    with started(tmp_path / "data") as tenant:
        tenant.refresh_tokens.put("kept", TOKEN, expires_at=2.0**40)
        remove(tmp_path / "data")
        for _ in range(2):
            with pytest.raises(ServerError) as refused:
                tenant.refresh_tokens.put("lost", TOKEN, expires_at=2.0**40)
        assert refused.value.hint == (
            f"The changes of the request could not be saved. {tmp_path}/data/{FILE} was removed or "
            "replaced while mockidp was running. Restart mockidp."
        )
        assert keys_of(tenant.refresh_tokens) == ["kept"]


def test_a_path_that_cannot_be_a_directory_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(MockIdPError, match=r"cannot be used: .*\. Fix or remove it"):
        persistent_tenant(tmp_path / "file" / "below")
    (tmp_path / FILE).mkdir()
    with pytest.raises(MockIdPError, match=r"cannot be used: .*\. Fix or remove it"):
        StateFile(tmp_path)


def test_a_change_that_cannot_be_written_is_refused_and_undone(tmp_path, caplog):
    tenant = persistent_tenant(tmp_path, ACME)
    db = tenant.backend._file._db
    tenant.refresh_tokens.put("r", TOKEN, expires_at=2.0**40)
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    kept = []

    def fill():
        for index in range(1000):
            tenant.refresh_tokens.put(f"{index}" * 50, TOKEN, expires_at=2.0**40)
            kept.append(f"{index}" * 50)

    with caplog.at_level(logging.ERROR), pytest.raises(ServerError) as refused:
        fill()
    assert "could not be saved. " in refused.value.hint
    assert "full" in refused.value.hint
    assert "could not be saved. " in caplog.text
    assert tenant.refresh_tokens.get("r") == TOKEN
    assert keys_of(tenant.refresh_tokens) == ["r", *kept]
    with pytest.raises(ServerError):
        tenant.restore(replace(tenant.snapshot(), bewit_key="x" * 100_000))
    db.execute("PRAGMA max_page_count = 100000")
    tenant.clock.freeze()  # there is room again, and no transaction was left open
    tenant.backend.close()
    with started(tmp_path) as tenant:
        assert keys_of(tenant.refresh_tokens) == ["r", *kept]
        assert tenant.clock.setting.frozen_at is not None


def test_after_closing_every_change_is_refused(tmp_path):
    with started(tmp_path) as tenant:
        pass
    with pytest.raises(ServerError):
        tenant.refresh_tokens.put("r", TOKEN, expires_at=1.0)


def test_concurrent_writers_and_resets_leave_the_same_state_on_disk_and_in_memory(tmp_path):
    with started(tmp_path) as tenant:

        def write(thread):
            for index in range(60):
                tenant.refresh_tokens.put(f"{thread} {index}", TOKEN, expires_at=2.0**40)
                tenant.opaque_tokens.take("x")
                tenant.clock.offset(index)
                tenant.sign_ins.add(SignIn(user_id=f"auth0|{thread} {index}"))

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for one in threads:
            one.start()
        for _ in range(10):
            tenant.reset()
            tenant.rotate_keys()
        for one in threads:
            one.join()
        before = state(tenant)
    with started(tmp_path) as tenant:
        assert state(tenant) == before
