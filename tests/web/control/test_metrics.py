"""`/_mockidp/metrics`, parsed by prometheus-client."""

import sys
from collections import Counter

import pytest

from helpers.waiting import FOREVER
from mockidp.errors import MockIdPError
from mockidp.faults import Fault
from mockidp.tenant import metrics
from mockidp.tenant.metrics import Metrics
from mockidp.web.app import create_app

PATH = "/_mockidp/metrics"


def scrape(control, accept="text/plain"):
    """Return the samples of a scrape: the value of each name with its labels."""
    parser = pytest.importorskip("prometheus_client.parser")
    answer = control.send("GET", PATH, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith(accept)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in parser.text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_requests_refusals_and_faults_are_counted(control):
    control.tenant.faults.add(Fault(endpoint="jwks", status=503))
    for secret in ("jobs-secret", "wrong", "wrong"):
        form = {"grant_type": "client_credentials", "client_id": "jobs", "client_secret": secret}
        control.send("POST", "/oauth/token", data=form | {"audience": "https://api.acme.example/"})
    control.send("GET", "/.well-known/jwks.json")
    [fault] = [one.name for one in control.tenant.faults]
    found = scrape(control)
    assert found["mockidp_requests_total", "token", "401"] == 2
    assert found["mockidp_requests_total", "jwks", "503"] == 1
    refusals = {key[1:] for key in found if key[0] == "mockidp_refusals_total"}
    assert refusals == {
        ("client_secret", "token", "access_denied"),
        ("client_grant", "token", "access_denied"),
    }
    assert found["mockidp_faults_fired_total", fault] == 1
    again = scrape(control, accept="application/openmetrics-text")
    assert again["mockidp_requests_total", "metrics", "200"] == 1


def test_metrics_are_guarded_like_the_control_api(control):
    guarded = create_app(control.tenant, control_token="the token")
    control.app = guarded
    assert control.send("GET", PATH).status_code == 401
    headers = {"Origin": "http://evil.example"}
    assert control.send("GET", PATH, headers=headers).status_code == 403


def test_without_the_package_the_extra_is_named(control, monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    answer = control.send("GET", PATH)
    assert answer.status_code == 501
    assert 'pip install "mockidp-server[metrics]"' in answer.json["detail"]


def test_the_number_of_series_is_limited_for_each_counter(monkeypatch):
    monkeypatch.setattr(metrics, "MAX_SERIES", 2)
    counted = Metrics()
    for name in ("a", "b", "c", "d", "a"):
        counted.add("faults", name)
    counted.add("requests", "token", "200")
    of_faults = {("faults", "a"): 2, ("faults", "b"): 1, ("faults", "other"): 2}
    assert counted.totals() == of_faults | {("requests", "token", "200"): 1}


class Shared:
    """Counters that several processes share, in memory."""

    def __init__(self):
        self.is_away = False
        self.counts = Counter()

    def add(self, amounts):
        self._check()
        self.counts.update(amounts)

    def read(self):
        self._check()
        return dict(self.counts)

    def _check(self):
        if self.is_away:
            raise MockIdPError("The store is away.")


def test_counters_that_cannot_be_published_are_kept(control, monkeypatch):
    monkeypatch.setattr(metrics, "INTERVAL", FOREVER)
    control.tenant.metrics.shared = shared = Shared()
    control.tenant.metrics.time_command("evalsha", 0.25)
    shared.is_away = True
    control.send("GET", "/.well-known/jwks.json")
    refused = control.send("GET", PATH)
    assert (refused.status_code, refused.json["detail"]) == (503, "The store is away.")
    shared.is_away = False
    found = scrape(control)
    assert found["mockidp_requests_total", "jwks", "200"] == 1
    assert found["mockidp_requests_total", "metrics", "503"] == 1
    assert found["mockidp_store_command_seconds_count", "evalsha"] == 1
    assert found["mockidp_store_command_seconds_sum", "evalsha"] == 0.25
