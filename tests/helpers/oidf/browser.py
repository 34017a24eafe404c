"""A person's browser at the provider: it follows redirects, and fills in the forms of the pages."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

from helpers.html_page import Page

LOGIN_PAGE, CONSENT_PAGE, LOGOUT_PAGE = "/u/login", "/u/consent", "/oidc/logout"
_FORMS = {
    LOGIN_PAGE: {"username": "alice@acme.example", "password": "Passw0rd!", "action": "default"},
    CONSENT_PAGE: {"action": "accept"},
    LOGOUT_PAGE: {"action": "accept"},
}


@dataclass(kw_only=True)
class Arrival:
    """Where the browser ended: at a URL of the relying party, or on a page of the provider.

    Attributes:
        url: The URL.
        mode: How the relying party got the parameters: query, fragment or form_post; `page` if the
            browser is still at the provider.
        parameters: The parameters, none of which is repeated.
        status: The status of a page of the provider.
        text: Its text.
        pages: The paths of the pages that the person had to use.
    """

    url: str
    mode: str
    parameters: dict = field(default_factory=dict)
    status: int = 0
    text: str = ""
    pages: list = field(default_factory=list)


class Browser:
    """An HTTP client that acts as the person does."""

    def __init__(self, http, origin):
        self.http = http
        self.origin = origin

    def open(self, url, method="GET", **options):
        """Open a URL, log in if the provider asks for it, and return where that ended."""
        answer, pages = self._send(method, url, **options), []
        while True:
            if answer.is_redirect:
                target = urljoin(answer.url, answer.headers["Location"])
                if not target.startswith(self.origin):
                    return _redirected(target, pages)
                answer = self._send("GET", target)
                continue
            page = Page(answer.text)
            filled_in = _fill_in(answer, page, pages)
            if filled_in is None:
                return self._arrive(answer, page, pages)
            pages.append(urlsplit(answer.url).path)
            target = urljoin(answer.url, page.forms[0]["form"].get("action", ""))
            answer = self._send("POST", target, data=filled_in)

    def _send(self, method, url, **options):
        return self.http.request(method, url, allow_redirects=False, **options)

    def _arrive(self, answer, page, pages):
        action = page.forms[0]["form"].get("action", "") if page.forms else ""
        if action.startswith("http") and not action.startswith(self.origin):
            assert page.forms[0]["form"]["method"] == "post"
            assert not {"code", "error"} & dict(parse_qsl(urlsplit(action).query)).keys()
            values = page.values(0)
            return Arrival(url=action, mode="form_post", parameters=values, pages=pages)
        return Arrival(
            url=answer.url, mode="page", status=answer.status_code, text=page.text, pages=pages
        )


def _fill_in(answer, page, pages):
    """Return the fields of the page's form; None for a page that the person leaves open."""
    path = urlsplit(answer.url).path
    if answer.status_code != 200 or path in pages or path not in _FORMS or not page.forms:
        return None
    hidden = {name: value for name, value in page.values(0).items() if value is not None}
    return hidden | _FORMS[path]


def _redirected(target, pages):
    parts = urlsplit(target)
    pairs = parse_qsl(parts.fragment or parts.query, keep_blank_values=True)
    assert len(pairs) == len(dict(pairs)), "a parameter is repeated"
    if not parts.fragment:
        return Arrival(url=target, mode="query", parameters=dict(pairs), pages=pages)
    assert not {"code", "error"} & dict(parse_qsl(parts.query)).keys()
    return Arrival(url=target, mode="fragment", parameters=dict(pairs), pages=pages)
