"""What a test needs to send a request of the journal again, as source text.

The journal hides secrets and cuts one-time values, so a test reads secrets from the tenant by name,
and makes codes, tokens and links anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any
from urllib.parse import unquote, urlsplit

from mockidp.frozen import frozen
from mockidp.protocol.oauth.pkce import s256
from mockidp.tenant.journal.entry import JournalEntry
from mockidp.tenant.tenant import Tenant
from mockidp.web.console.journal.changed_link import ChangedLink, UnknownChangeError, changed_link
from mockidp.web.console.journal.curl import authorization_of, is_secret
from mockidp.web.console.journal.flow import Flow

VERIFIER = "a-code-verifier-of-at-least-43-characters-12345"
WRONG = "'wrong'"
_MIN_SECONDS = 5
"""A test does not repeat shorter pauses between two exchanges."""
_LOGIN_FIELDS = ("username", "email")


class NotReplayableError(Exception):
    """The journal does not have what is needed to send the request again."""


@frozen
class Replay:
    """One exchange, and what a test needs for it.

    Attributes:
        tenant: The tenant, in which clients and users are looked up.
        flow: The flow of the exchange.
        entry: The exchange.
        before: The lines of the test before the request.
        imports: The names that they import.
    """

    tenant: Tenant
    flow: Flow
    entry: JournalEntry
    before: list[str] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)

    @property
    def failed(self) -> str:
        """The name of the failed check; empty if none has failed."""
        return self.entry.failed.name if self.entry.failed else ""

    def sent(self) -> dict[str, str]:
        """Return the parameters, each as an expression.

        Raises:
            NotReplayableError: One of them cannot be made.
        """
        shown = self.entry.parameters
        return {name: self._value(name, shown[name]) for name in shown if name != "bewit"}

    def authorization(self) -> str:
        """Return the argument for the Authorization header; empty for none."""
        scheme = authorization_of(self.entry)
        if scheme == "Basic":
            return f"auth=({self.entry.client!r}, {self._secret(self.entry.client)})"
        return f'headers={{"Authorization": "Bearer " + {self._token()}}}' if scheme else ""

    def times(self) -> int:
        """Return how often the request is sent until it gets this answer."""
        failed = self.entry.failed
        if failed and failed.name == "brute_force_protection":
            return int(failed.compared["failed"]) + 1
        return 2 if failed and self._is_reuse() else 1

    def _is_reuse(self) -> bool:
        """Return whether a code or link was refused that had been used before."""
        return self.failed in {"code", "bewit", "single_use"} and any(
            one.endpoint == self.entry.endpoint and not one.error for one in self._earlier()
        )

    def _earlier(self) -> Iterable[JournalEntry]:
        return [one for one in self.flow.entries if one.number < self.entry.number]

    def _value(self, name: str, value: Any) -> str:
        if name == "state" and self.entry.endpoint == "login":
            return self._login_state()
        if not is_secret(name, value):
            return repr(value)
        make = {
            ("token", "code"): self._code,
            (self.entry.endpoint, "client_secret"): self._own_secret,
            (self.entry.endpoint, "password"): self._password,
            (self.entry.endpoint, "code_verifier"): self._verifier,
        }.get((self.entry.endpoint, name))
        if make is not None:
            return make()
        if name == self.failed:
            return WRONG
        raise NotReplayableError(f"The journal does not keep the value of `{name}`.")

    def _verifier(self) -> str:
        return repr(VERIFIER[::-1] if self.failed == "code_verifier" else VERIFIER)

    def _own_secret(self) -> str:
        return self._secret(self.entry.parameters.get("client_id") or self.entry.client)

    def _secret(self, client_id: Any) -> str:
        client = self.tenant.directory.client(client_id) if isinstance(client_id, str) else None
        if client is None or self.failed == "client_secret" or client.client_secret is None:
            return WRONG
        return f"idp.get_client({client_id!r}).client_secret"

    def _password(self) -> str:
        names = [self.entry.parameters.get(one) for one in _LOGIN_FIELDS]
        name = next((one for one in names if one), "")
        user = self.tenant.directory.user_named(name)
        if user is None or user.password is None or self.failed in {
            "password", "brute_force_protection",
        }:  # fmt: skip
            return WRONG
        return f"idp.get_user({name!r}).password"

    def _token(self) -> str:
        """Return an access token for the endpoint."""
        if self.failed == "access_token":
            return WRONG
        if self.entry.endpoint == "impersonate":
            client = self.tenant.directory.global_client
            assert client is not None  # noqa: S101 - it got the token of this request
            self.before.extend(
                [
                    "token = requests.post(",
                    '    idp.url + "/oauth/token",',
                    "    json={",
                    '        "grant_type": "client_credentials",',
                    f'        "client_id": {client.client_id!r},',
                    f'        "client_secret": idp.get_client({client.client_id!r}).client_secret,',
                    "    },",
                    "    timeout=10,",
                    ").json()",
                ]
            )
            return 'token["access_token"]'
        if self.entry.endpoint == "userinfo":
            return f"idp.access_token(user={self.entry.user!r}, client={self.entry.client!r})"
        if self.entry.endpoint == "management":
            return self._management_token()
        raise NotReplayableError(
            f"The journal does not keep the access token that was sent to {self.entry.endpoint}."
        )

    def _management_token(self) -> str:
        """Return a token with all scopes, or with those that were not enough."""
        failed = self.entry.failed
        if failed is None or "of_token" not in failed.compared:
            return "idp.management_token()"
        scopes = " ".join(failed.compared["of_token"])
        if not scopes:
            raise NotReplayableError("A test cannot make a token without scopes.")
        of_user = f", user={self.entry.user!r}" if self.entry.user else ""
        return f"idp.management_token({scopes!r}{of_user})"

    def _code(self) -> str:
        """Return the code: one that the test gets with a login, or an unknown one."""
        made = next((one for one in self._earlier() if "code" in one.notes), None)
        if made is None and self.entry.error:
            return WRONG
        first = self.flow.entries[0]
        if made is None or first.endpoint != "authorize":
            raise NotReplayableError("The journal does not have the login that issued the code.")
        self.before.append(f"idp.sign_in_as({made.user!r})")
        self._authorize(first)
        self.before.append('code = parse_qs(urlsplit(login.headers["Location"]).query)["code"][0]')
        if self.entry.at - made.at >= _MIN_SECONDS and not self._is_reuse():
            self.before.append(f"idp.clock.advance({self.entry.at - made.at:.0f})")
        return "code"

    def _login_state(self) -> str:
        """Return the state of a login that the test begins."""
        first = self.flow.entries[0]
        if first.endpoint != "authorize":
            raise NotReplayableError("The journal does not have the beginning of this login.")
        self._authorize(first)
        return 'parse_qs(urlsplit(login.headers["Location"]).query)["state"][0]'

    def _authorize(self, first: JournalEntry) -> None:
        sent = dict(first.parameters)
        if "code_challenge" in sent:
            is_s256 = sent.get("code_challenge_method") == "S256"
            sent["code_challenge"] = s256(VERIFIER) if is_s256 else VERIFIER
        hidden = [name for name, value in sent.items() if is_secret(name, value)]
        if hidden:
            raise NotReplayableError(f"The journal does not keep the value of `{hidden[0]}`.")
        self.imports.add("from urllib.parse import parse_qs, urlsplit")
        self.before.extend(
            [
                "login = requests.get(",
                '    idp.url + "/authorize",',
                *argument("params", {name: repr(value) for name, value in sent.items()}),
                "    timeout=10,",
                "    allow_redirects=False,",
                ")",
            ]
        )

    def make_link(self) -> None:
        """Make a link, and change it as the one of the exchange was changed.

        Raises:
            NotReplayableError: It was changed in a way that cannot be repeated.
        """
        user_id = unquote(urlsplit(self.entry.url).path).split("/")[-2]
        if not self.entry.error or self._is_reuse():
            self.before.append(_new_link(user_id))
            return
        try:
            changed = changed_link(self.tenant, self.entry)
        except UnknownChangeError as error:
            added = self.sent()
            if not added:
                raise NotReplayableError(str(error)) from None
            change = "".join(f" + {f'&{name}='!r} + {value}" for name, value in added.items())
            changed = ChangedLink(user_id=user_id, change=f"link{change}")
        self.before.append(_new_link(changed.user_id))
        if changed.change != "link":
            self.before.append(f"link = {changed.change}")
        if changed.seconds:
            self.before.append(f"idp.clock.advance({changed.seconds})")


def _new_link(user_id: str) -> str:
    return f'link = idp.impersonation_link({user_id!r}, state="state")'


def argument(name: str, values: Mapping[str, str]) -> list[str]:
    """Return the lines of a dictionary as an argument of a call."""
    items = [f"        {key!r}: {value}," for key, value in values.items()]
    return [f"    {name}={{", *items, "    },"]
