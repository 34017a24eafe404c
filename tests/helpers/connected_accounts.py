"""An app whose user connects accounts with the My Account API."""

from urllib.parse import parse_qs, urlsplit

from helpers.acme import CALLBACK
from helpers.tenant_client import TenantClient, bearer, with_query
from helpers.token_vault import GOOGLE, ME_API, TENANT
from mockidp import MockIdP
from mockidp.protocol.my_account import MY_ACCOUNT_SCOPES

ACCOUNTS = "/connected-accounts"
ALL = " ".join(MY_ACCOUNT_SCOPES)


class App(TenantClient):
    """The app `planner` with alice's token for the My Account API, and her browser."""

    def __init__(self, **options):
        super().__init__(TENANT, **options)
        self.mock = MockIdP(tenant=self.tenant, url=self.url)
        self.account_token = self.new_token()

    def new_token(self, user="alice", client="planner", scope=ALL):
        return self.mock.access_token(user=user, client=client, audience=ME_API, scope=scope)

    def call(self, method, path, body=None, *, token=None, **query):
        options = {} if body is None else {"json": body}
        url = with_query(f"/me/v1{ACCOUNTS}{path}", query)
        return self.request(method, url, headers=bearer(token or self.account_token), **options)

    def start(self, **body):
        defaults = {"connection": GOOGLE, "redirect_uri": CALLBACK, "state": "s"}
        sent = {name: value for name, value in (defaults | body).items() if value is not None}
        return self.call("POST", "/connect", sent)

    def page(self, started):
        path = urlsplit(started["connect_uri"]).path
        return f"{path}?ticket={started['connect_params']['ticket']}"

    def agree(self, started, **form):
        """Answer the page of the service. Return the parameters at the callback."""
        form = form or {"action": "pick", "user_id": f"{GOOGLE}|1001"}
        location = self.post(self.page(started), **form).location
        assert location.startswith(CALLBACK)
        return {name: one[0] for name, one in parse_qs(urlsplit(location).query).items()}

    def complete(self, started, code, **body):
        sent = {"auth_session": started["auth_session"], "connect_code": code}
        sent |= {"redirect_uri": CALLBACK}
        return self.call("POST", "/complete", sent | body)

    def connect(self, **body):
        started = self.start(**body).json
        return self.complete(started, self.agree(started)["connect_code"])
