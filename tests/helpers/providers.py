"""A tenant with social and enterprise connections, and a browser at their identity providers."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from helpers.acme import ACME, user
from helpers.tenant_client import TenantClient, sent_to_callback
from mockidp.resources.connection import Connection, ConnectionOptions

GOOGLE = "google-oauth2"
GINA = "google-oauth2|117"


def google_user(**fields):
    """Return gina, a user of Google."""
    defaults = {
        "user_id": GINA,
        "email": "gina@gmail.example",
        "email_verified": True,
        "name": "Gina Doe",
        "given_name": "Gina",
        "family_name": "Doe",
        "picture": "https://lh3.example/gina.png",
        "password": None,
        "connection": GOOGLE,
    }
    return replace(user("gina"), **defaults | fields)


def corporate(name="corp", strategy="samlp", **fields):
    """Return an enterprise connection for addresses in corp.example."""
    options = ConnectionOptions(domain_aliases=("Corp.example",))
    return Connection(name=name, strategy=strategy, options=options, **fields)


CONNECTIONS = (
    Connection(name=GOOGLE, strategy=GOOGLE, is_domain_connection=True),
    Connection(name="github", strategy="github", enabled_clients=("web",)),
    corporate(),
)
ZOE = "samlp|corp|zoe@corp.example"
DOCUMENT = replace(
    ACME,
    connections=CONNECTIONS,
    users=(
        *ACME.users,
        google_user(),
        google_user(user_id="google-oauth2|118", email="bill@gmail.example", blocked=True),
        replace(user("zoe"), user_id=ZOE, email="zoe@corp.example", connection="corp"),
    ),
)


def with_connections(*connections, document=DOCUMENT):
    """Return the document with other social and enterprise connections."""
    return replace(document, connections=connections)


def with_options(name=GOOGLE, **options):
    """Return a client of the tenant in which a connection has options."""
    connection = Connection(name=name, strategy=name, options=ConnectionOptions(**options))
    return TenantClient(with_connections(connection))


class AtProvider(TenantClient):
    """A browser that logs in at identity providers."""

    def __init__(self, document=DOCUMENT, **options):
        super().__init__(document, **options)

    def open_provider(self, connection=GOOGLE, **parameters):
        """Request authorization with a connection. Return the URL of the provider's page."""
        url = self.authorize(connection=connection, **parameters).location
        assert urlsplit(url).path == "/u/login/provider", url
        return url

    def answer(self, url, **form):
        """Post a form of the provider's page. Return the URL at /login/callback."""
        connection = dict(parse_qsl(urlsplit(url).query)).get("connection")
        more = {"connection": connection} if connection else {}
        answer = self.submit(url, **more, **form)
        assert answer.status_code == 302, answer.text
        assert urlsplit(answer.location).path == "/login/callback"
        return answer.location

    def pick(self, url, user_id=GINA):
        """Pick a user on the provider's page. Return the URL at /login/callback."""
        return self.answer(url, action="pick", user_id=user_id)

    def come_back(self, url):
        """Open /login/callback, and follow redirects. Return the parameters of the callback."""
        return sent_to_callback(self.follow(self.request("GET", url)))

    def create(self, url, **form):
        """Log somebody else in on the provider's page. Return the parameters of the callback."""
        return self.come_back(self.answer(url, action="create", **form))
