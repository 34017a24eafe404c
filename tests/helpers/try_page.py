"""The page of the test client, and a browser's requests to it."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from helpers.acme import ACME
from mockidp.tenant.content.try_client import TEST_CLIENT

PATH = "/_mockidp/try"
DOCUMENT = replace(ACME, clients=(*ACME.clients, TEST_CLIENT))


def query_of(answer):
    return dict(parse_qsl(urlsplit(answer.location).query))


def follow(idp, answer):
    """Follow redirects within the mock. Return the first page."""
    while answer.status_code == 302:
        split = urlsplit(answer.location)
        answer = idp.request("GET", f"{split.path}?{split.query}")
    return answer


def part(page, name):
    (number,) = page.find(**{"data-testid": name})
    return page.text_of(number)
