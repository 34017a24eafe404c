"""The clock, ids, keys and names of a tenant."""

import re
import time

import pytest

from helpers.acme import ACME, URL, with_tenant
from mockidp.flows.hints.timestamps import clock_time
from mockidp.protocol.tokens.keys import generate_private_key
from mockidp.storage.memory import MemoryBackend
from mockidp.storage.store import StoreSpec
from mockidp.tenant.clock import Clock
from mockidp.tenant.ids import Ids
from mockidp.tenant.tenant import Tenant


def test_a_clock_shows_the_machines_time():
    before = time.time()
    assert before <= Clock().now() <= time.time()


def test_a_clock_can_be_advanced():
    clock = Clock()
    clock.advance(100)
    assert 99 < clock.now() - time.time() < 101


def test_a_frozen_clock_moves_only_when_it_is_set_or_advanced():
    clock = Clock()
    clock.freeze(50)
    assert clock.now() == 50
    clock.advance(5)
    assert clock.now() == 55
    clock.freeze()
    assert clock.now() == 55


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("code", r"[\w-]{45}"),
        ("opaque_token", r"[A-Za-z0-9]{32}"),
        ("refresh_token", r"v1\.[\w-]{46}"),
        ("key_id", r"[\w-]{21}"),
        ("secret", r"[\w-]{64}"),
        ("opaque_id", r"[\w-]{32}"),
    ],
)
def test_ids_have_auth0s_formats_and_do_not_repeat(name, shape):
    make = getattr(Ids(), name)
    ids = {make() for _ in range(200)}
    assert len(ids) == 200
    assert all(re.fullmatch(shape, one) for one in ids)
    assert len(set("".join(ids))) > 60, "the whole alphabet is used"


def test_a_seed_makes_ids_repeatable():
    assert [Ids(7).code(), Ids(7).secret()] == [Ids(7).code(), Ids(7).secret()]
    assert Ids(7).code() != Ids(8).code()
    assert Tenant(ACME, seed=1).keys.current.kid == Tenant(ACME, seed=1).keys.current.kid


def test_ids_that_are_kept_in_a_store_have_one_sequence():
    store = MemoryBackend().store(StoreSpec(name="ids"), Clock().now)
    alone, one, other = Ids(7), Ids(7), Ids(7)
    for ids in (one, other):
        ids.keep_in(store)
    start = one.state()
    assert start == alone.state()
    expected = [alone.code() for _ in range(3)]
    assert [one.code(), other.code(), one.code()] == expected
    assert one.state() == other.state() == alone.state()
    other.restore(start, lambda _action: pytest.fail("it is restored with the open transaction"))
    assert [one.code(), other.code()] == expected[:2]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_given_keys_are_used_in_order_and_two_keys_are_always_published(count):
    given = [generate_private_key() for _ in range(count)]
    tenant = Tenant(ACME, private_keys=given)
    assert [key.private_key for key in tenant.keys.published][:count] == given[:2]
    assert len(tenant.keys.published) == 2
    tenant.rotate_keys()
    assert tenant.keys.following.private_key in given[2:] or count < 3


def test_a_tenant_has_a_name_and_an_issuer():
    assert Tenant(ACME).name == "Acme"
    assert Tenant(with_tenant(friendly_name="")).name == "mockidp"
    assert Tenant(ACME).issuer(URL) == f"{URL}/"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "00:00:00 UTC"), (43203.9, "12:00:03 UTC"), (-5, "00:00:00 UTC"), (1e300, "23:59:59 UTC")],
)
def test_any_number_of_seconds_is_shown_as_a_time(seconds, shown):
    assert clock_time(seconds) == shown
