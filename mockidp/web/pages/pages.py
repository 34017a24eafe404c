"""The pages that a person sees, as HTML text, without requests, cookies or headers.

Every page is self-contained: its style is inside, and it loads nothing. Only the two that carry an
authorization response have a script.
Auth0: field names, element ids and the wording of the error page are the same, so that tests for
the real pages work (docs/fidelity.md).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mockidp.frozen import replace
from mockidp.protocol.locale import html_language, text_direction
from mockidp.tenant.texts import ENGLISH, Texts, texts_of
from mockidp.web.pages.prompt_text import PromptText

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from mockidp.flows.login.page_errors import PageError

NO_ERRORS: Mapping[str, PageError] = {}
_MAX_DIGITS = 10
_USER_LISTS = 16
_PROMPTS = 16
_STATE = os.urandom(16).hex()
"""What a kept prompt contains in place of `state`. No request can contain it."""
_IS_PLAIN = re.compile(r"[\w-]+", re.ASCII).fullmatch
"""Whether a `state` is the same in HTML, in a URL and in JSON."""


@cache
def template_environment() -> Environment:
    """Return the environment of all pages, which compiles each template once."""
    # The import takes 15 ms, and many tests need no page.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - see above
    from markupsafe import Markup  # noqa: PLC0415 - as above

    from mockidp.web.pages.code_spans import code_spans  # noqa: PLC0415 - see above

    environment = Environment(
        loader=PackageLoader("mockidp.web"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    @lru_cache(maxsize=_USER_LISTS)
    def user_list(users: tuple[object, ...]) -> Markup:
        """Return the buttons of some users. All login pages of a client have the same ones."""
        html = environment.get_template("user_list.html").render(users=users)
        return Markup(html)  # noqa: S704 - the template has escaped it

    environment.filters["code_spans"] = code_spans
    environment.filters["user_list"] = user_list
    # Jinja compares all globals at each import of a macro, so there is only the one in use.
    environment.globals = {"namespace": environment.globals["namespace"]}
    # The parameters of a web message are in Auth0's order.
    environment.policies["json.dumps_kwargs"] = {
        "sort_keys": False,
        "separators": (",", ":"),
    }
    return environment


class Pages:
    """Renders the pages. A template is compiled when it is first needed.

    The last prompts are kept, because those of two logins often differ in `state` alone.
    """

    def __init__(self) -> None:
        self._kept = lru_cache(maxsize=_PROMPTS)(self._render_items)

    @cached_property
    def _style(self) -> Markup:
        from markupsafe import Markup  # noqa: PLC0415 - as above

        return Markup(Path(__file__).parents[1].joinpath("templates", "style.css").read_text())  # noqa: S704

    def prompt(
        self,
        name: str,
        /,
        *,
        tenant_name: str,
        client_name: str,
        state: str,
        action_url: str,
        screens: Sequence[str] = (),
        errors: Mapping[str, PageError] = NO_ERRORS,
        hint: str = "",
        locale: str = ENGLISH,
        texts: Texts | None = None,
        inviter: str = "",
        **values: object,
    ) -> str:
        """Return a prompt of the hosted login: a page with one primary form.

        Args:
            name: The name of the template, which extends `prompt.html`.
            tenant_name: The tenant's friendly name.
            client_name: The application that requested the login.
            state: The login transaction, a hidden field.
            action_url: Where the forms are posted.
            screens: Auth0's names of the screen, for class stems; by default `name`.
            errors: Why the previous attempt was refused, in Auth0's words, by the field's name.
            hint: The same in mockidp's words, or another hint, for mockidp's part of the page.
            locale: The language of the page.
            texts: The texts of the screen, by key; by default the English ones.
            inviter: Who invited the person to the organization; empty without an invitation.
            values: What else the template shows.
        """
        own = texts_of(name, locale, {}) if texts is None else texts
        text = PromptText(own, clientName=client_name, companyName=tenant_name)
        values |= {
            "tenant_name": tenant_name,
            "client_name": client_name,
            "state": state,
            "action_url": action_url,
            "screens": screens or (name,),
            "hint": hint,
            "lang": html_language(locale),
            "direction": text_direction(locale),
            "text": text,
            "inviter": inviter,
        }
        if not errors and _IS_PLAIN(state):
            return self._render_kept(f"{name}.html", state, values)
        shown = {
            field: replace(error, text=text.of_code(error.code, error.text))
            for field, error in errors.items()
        }
        return self.render(f"{name}.html", errors=shown, **values)

    def _render_kept(self, template: str, state: str, values: Mapping[str, object]) -> str:
        """Return a page without errors, which is rendered unless the same one was kept."""
        items = tuple(
            [
                (name, value.replace(state, _STATE) if isinstance(value, str) else value)
                for name, value in values.items()
            ]
        )
        try:
            return self._kept(template, items).replace(_STATE, state)
        except TypeError:  # a value that cannot be compared
            return self.render(template, errors={}, **values)

    def _render_items(self, template: str, values: tuple[tuple[str, object], ...]) -> str:
        return self.render(template, errors={}, **dict(values))

    def error(
        self,
        *,
        tenant_name: str,
        error: str,
        description: str,
        tracking_id: str,
        status: int,
        hint: str = "",
        curl: str = "",
        journal_url: str = "",
    ) -> str:
        """Return an error page with Auth0's text and mockidp's hint.

        Args:
            tenant_name: The tenant's friendly name.
            error: The registered code; empty if Auth0 shows none.
            description: Auth0's own text.
            tracking_id: The request's id, as in `X-Auth0-RequestId`.
            status: The HTTP status of the page.
            hint: The cause, for mockidp's part of the page.
            curl: A command that repeats the request; empty if it cannot be repeated.
            journal_url: Where the console shows the request; empty for no link.
        """
        return self.render(
            "error.html",
            tenant_name=tenant_name,
            error=error,
            description=description,
            tracking_id=tracking_id,
            status=status,
            hint=hint,
            curl=curl,
            journal_url=journal_url,
        )

    def result(
        self, screen: str, *, tenant_name: str, locale: str = ENGLISH, texts: Texts | None = None
    ) -> str:
        """Return a page without a form, which says what has happened.

        Args:
            screen: Auth0's name of the screen, whose texts are `eventTitle` and `description`.
            tenant_name: The tenant's friendly name.
            locale: The language of the page.
            texts: The texts of the screen, by key; by default the English ones.
        """
        return self.prompt(
            "account-result",
            tenant_name=tenant_name,
            client_name="",
            state="",
            action_url="",
            screens=(screen,),
            heading="eventTitle",
            description="description",
            back_url="",
            locale=locale,
            texts=texts_of(screen, locale, {}) if texts is None else texts,
        )

    def form_post(self, *, redirect_uri: str, parameters: Mapping[str, str]) -> str:
        """Return a page that posts an authorization response to the application.

        Spec: OAuth 2.0 Form Post Response Mode 2. Its script submits the form.
        """
        return self.render("form_post.html", redirect_uri=redirect_uri, parameters=parameters)

    def web_message(
        self, *, target_origin: str, parameters: Mapping[str, str], relay: Mapping[str, str]
    ) -> str:
        """Return a page that posts an authorization response to its opener or embedding window.

        Spec: OAuth 2.0 Web Message Response Mode (draft 00) 4. The page must be allowed in frames.

        Args:
            target_origin: The origin of the window; windows of other origins receive nothing.
            parameters: The response.
            relay: `web_message_uri` and `web_message_target` of a frame that receives it instead;
                empty for none.
        """
        # JSON has numbers; a URL and a form have only text.
        posted: dict[str, str | int] = dict(parameters)
        lifetime = parameters.get("expires_in", "")
        if lifetime.isdecimal() and len(lifetime) <= _MAX_DIGITS:
            posted["expires_in"] = int(lifetime)
        return self.render(
            "web_message.html", target_origin=target_origin, parameters=posted, relay=relay
        )

    def render(self, template: str, /, **values: object) -> str:
        """Render a template. A missing name is an error."""
        text = template_environment().get_template(template).render(values, style=self._style)
        # A JSON body can contain a lone surrogate, which cannot be encoded.
        return text.encode("utf-8", "replace").decode("utf-8")
