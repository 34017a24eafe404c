"""A browser on the console: it opens pages, and sends their forms."""

from urllib.parse import urlsplit

from helpers.acme import ACME
from helpers.html_page import Page
from helpers.tenant_client import TenantClient

ROOT = "/_mockidp"


class ConsoleBrowser(TenantClient):
    """A tenant, and its console in a browser without JavaScript.

    Attributes:
        page: The parsed page that was opened last.
    """

    def __init__(self, document=ACME, **options):
        super().__init__(document, **options)
        self.page = None

    def open(self, path="/", status=200, **query):
        """Open a page of the console."""
        answer = self.get(f"{ROOT}{path}", **query)
        assert answer.status_code == status, answer.text
        self.page = Page(answer.text)
        return self.page

    def send(self, action, **fields):
        """Send the form of the open page with an action. Return the answer."""
        action = f"{ROOT}{action}"
        forms = [
            number
            for number, form in enumerate(self.page.forms)
            if urlsplit(form["form"]["action"]).path == action
        ]
        assert forms, f"the page has no form with the action {action}"
        held = {name: value or "" for name, value in self.page.values(forms[0]).items()}
        return self.post(self.page.forms[forms[0]]["form"]["action"], **held | fields)

    def follow_change(self, action, **fields):
        """Send a form that changes the tenant, and open the page to which it redirects."""
        answer = self.send(action, **fields)
        assert answer.status_code == 303, answer.text
        answer = self.request("GET", answer.location)
        assert answer.status_code == 200, answer.text
        self.page = Page(answer.text)
        return self.page

    def text(self, testid):
        """Return the texts of the elements with a test id."""
        return [self.page.text_of(one) for one in self.page.find(**{"data-testid": testid})]
