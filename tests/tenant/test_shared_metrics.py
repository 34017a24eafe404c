"""The counters of several processes are summed on Redis."""

import threading
from contextlib import closing

import pytest
from werkzeug.test import Client

from helpers.redis_server import RedisServer
from helpers.waiting import SOON
from mockidp.tenant import metrics
from mockidp.web.app import create_app

REQUEST = ("requests", "jwks", "200")


@pytest.fixture
def server():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def tenants(server):
    from mockidp.tenant.shared.tenant import shared_tenant

    one, other = shared_tenant(server.url), shared_tenant(server.url)
    with closing(one.backend), closing(other.backend):
        yield one, other


def request(tenant):
    Client(create_app(tenant)).get("/.well-known/jwks.json", base_url="http://localhost:9400")


def test_the_counters_of_two_processes_are_summed(tenants):
    one, other = tenants
    for tenant in (one, other, other):
        request(tenant)
    assert one.metrics.totals()[REQUEST] == 1
    assert other.metrics.totals()[REQUEST] == 3
    totals = one.metrics.totals()
    assert totals[REQUEST] == 3
    commands = sum(count for (name, *_), count in totals.items() if name == "store_commands")
    seconds = sum(time for (name, *_), time in totals.items() if name == "store_seconds")
    assert commands >= 3
    assert 0 < seconds < commands


def test_a_request_publishes_its_counters_in_the_background(tenants, monkeypatch):
    one, other = tenants
    monkeypatch.setattr(metrics, "INTERVAL", 0.01)
    is_published = threading.Event()
    add = one.metrics.shared.add
    monkeypatch.setattr(
        one.metrics.shared, "add", lambda amounts: (add(amounts), is_published.set())
    )
    request(one)
    request(one)
    assert is_published.wait(SOON)
    assert other.metrics.totals()[REQUEST] >= 1


def test_the_number_of_series_on_redis_is_limited_for_each_counter(tenants, monkeypatch):
    from mockidp.storage.redis import counters

    monkeypatch.setattr(counters, "MAX_SERIES", 4)
    for number in range(9):
        for tenant in tenants:
            tenant.metrics.add("faults", f"fault {number}")
            tenant.metrics.add("refusals", "token", "error", f"check {number // 3}")
            tenant.metrics.publish()
    found = tenants[0].metrics.totals()
    faults = {series: amount for series, amount in found.items() if series[0] == "faults"}
    expected = {("faults", f"fault {number}"): 2 for number in range(4)}
    assert faults == expected | {("faults", "other"): 10}
    refusals = {series: amount for series, amount in found.items() if series[0] == "refusals"}
    assert refusals == {("refusals", "token", "error", f"check {number}"): 6 for number in range(3)}


def test_of_many_processes_the_last_ones_are_known_so_that_nothing_counts_twice(
    server, monkeypatch
):
    from mockidp.storage.redis import counters
    from mockidp.storage.redis.server import connect

    monkeypatch.setattr(counters, "MAX_PROCESSES", 3)
    with closing(connect(server.url)) as client:
        processes = [counters.RedisCounters(client, "metrics") for _ in range(9)]
        for number, process in enumerate(processes):
            process.add({REQUEST: 1})
            processes[0].add({REQUEST: 1})
            assert client.zcard("metrics:processes") == min(number + 1, 3)
        assert processes[0].read() == {REQUEST: 18}
        assert len(client.hkeys("metrics:added")) == 3 + len(["additions", "series of requests"])
        for process in (processes[0], *processes[-2:]):
            process._unsure = {REQUEST: 1}  # as if the answer to the last addition were lost
            process.add({REQUEST: 1})
        assert processes[0].read() == {REQUEST: 21}


def test_counters_are_kept_while_redis_is_away(server, tenants):
    one, _ = tenants
    request(one)
    server.stop()
    one.metrics.publish()
    restarted = RedisServer(port=server.port)
    try:
        assert one.metrics.totals()[REQUEST] == 1
    finally:
        restarted.stop()


def test_while_redis_is_away_a_scrape_is_refused(server, tenants):
    pytest.importorskip("prometheus_client")
    server.stop()
    app = Client(create_app(tenants[0]))
    answer = app.get("/_mockidp/metrics", base_url="http://localhost:9400")
    assert answer.status_code == 503
    assert "Redis cannot be used" in answer.text + answer.headers["Mockidp-Hint"]
