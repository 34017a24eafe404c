"""A link that many open at once opens for one of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

RUNNERS = 50


@pytest.mark.parametrize("response_type", ["code", "token"])
def test_of_fifty_threads_one_opens_a_link(face, response_type):
    link = face.link(response_type=response_type)
    line = Barrier(RUNNERS)

    def run(_):
        line.wait()
        return face.get(link)

    with ThreadPoolExecutor(RUNNERS) as pool:
        answers = list(pool.map(run, range(RUNNERS)))
    assert sorted(answer.status_code for answer in answers) == [302] + [401] * (RUNNERS - 1)
    hints = [answer.headers["Mockidp-Hint"] for answer in answers if answer.status_code == 401]
    assert all("already used at 22:13:23 UTC" in hint for hint in hints)
    assert face.tenant.codes.count() == (response_type == "code")


def test_who_loses_the_race_is_told_when_it_was_won(face, monkeypatch):
    link, take = face.link(), face.tenant.links.take

    def take_second(link_id):
        take(link_id)
        return take(link_id)

    monkeypatch.setattr(face.tenant.links, "take", take_second)
    answer = face.get(link)
    assert answer.status_code == 401
    assert answer.json["error_description"] == "Impersonation - Bad mac"
    assert "already used at 22:13:23 UTC" in answer.headers["Mockidp-Hint"]
    assert face.tenant.codes.count() == 0
