"""requests without an SDK: a timeout, a check of the status, and optional retries."""

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry


def reads_discovery(given, *, session=requests):
    answer = session.get(f"{given['issuer']}.well-known/openid-configuration", timeout=1)
    answer.raise_for_status()
    return answer.json()["issuer"]


def reads_discovery_with_retries(given):
    retry = Retry(3, backoff_factor=0, status_forcelist=(429, 503))
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retry))
        return reads_discovery(given, session=session)


def opens_an_impersonation_link(given):
    """Open the link as the admin's browser does. Return the target of the redirect."""
    answer = requests.get(given["link"], timeout=10, allow_redirects=False)
    if not answer.ok:
        raise requests.HTTPError(f"{answer.status_code} {answer.text}")
    return answer.headers["Location"].partition("?")[0]


ACTIONS = {
    "reads discovery": reads_discovery,
    "reads discovery, with retries": reads_discovery_with_retries,
    "opens an impersonation link": opens_an_impersonation_link,
}
