"""Only one of many concurrent requests opens a link."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from helpers.interleaved import replace_method

RUNNERS = 50


@pytest.mark.parametrize("response_type", ["code", "token"])
def test_one_of_fifty_concurrent_requests_opens_a_link(http, response_type):
    link = http.link(response_type=response_type)
    line = Barrier(RUNNERS)

    def run(_):
        line.wait()
        return http.get(link)

    with ThreadPoolExecutor(RUNNERS) as pool:
        answers = list(pool.map(run, range(RUNNERS)))
    assert sorted(answer.status_code for answer in answers) == [302] + [401] * (RUNNERS - 1)
    hints = [answer.headers["Mockidp-Hint"] for answer in answers if answer.status_code == 401]
    assert all("already used at 22:13:23 UTC" in hint for hint in hints)
    assert http.tenant.codes.count() == (response_type == "code")


def test_the_hint_for_the_others_has_the_time_of_use(http, monkeypatch):
    link = http.link()

    def take_second(take, link_id):
        take(link_id)
        return take(link_id)

    replace_method(monkeypatch, http.tenant.links, "take", take_second)
    answer = http.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert "already used at 22:13:23 UTC" in answer.headers["Mockidp-Hint"]
    assert http.tenant.codes.count() == 0
