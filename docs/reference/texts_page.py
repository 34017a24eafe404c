"""The page about the texts of the hosted pages, with the evidence for each."""

from __future__ import annotations

from collections.abc import Iterator

from mockidp.flows.accounts import page_errors as account_errors
from mockidp.flows.login import page_errors
from mockidp.flows.login.page_errors import PageError
from mockidp.tenant.texts import ENGLISH, built_in_texts
from mockidp.tenant.texts.evidence import evidence_of
from mockidp.web.hosted.classic import LOCK_TEXTS

_INTRODUCTION = """\
This page lists the English texts of the [hosted pages](../fidelity.md#the-hosted-login) by Auth0's
names of prompt, screen and key, which `prompts.customText` of the
[tenant file](tenant-file.md#prompts) uses, too. The marks are those of
[fidelity](../fidelity.md): R recorded, D documented, I inferred; *ours* are texts that Auth0 does
not have, or whose wording is unknown."""
_ERRORS = """\
An error has the text of its page if that has the code, and otherwise this one. Its element is
`#error-element-FIELD` with the code as `data-error-code`, or `#prompt-alert` if it belongs to no
field. `mockidp-hint` on the page gives the cause."""
_LOCK = "The texts of the classic pages are those of Lock 14.3.0 (R)."


def page_error_texts() -> dict[str, str]:
    """Return the texts of all errors of pages, by code."""
    modules = (*vars(page_errors).values(), *vars(account_errors).values())
    errors = [one for one in modules if isinstance(one, PageError)]
    errors += [error for _, error in account_errors.SIGN_UP_ERRORS.values()]
    texts = {one.code: one.text for one in errors}
    return dict(sorted(texts.items()))


def texts_page(note: str) -> str:
    """Return the page."""
    errors = (
        f"| `{code}` | {_cell(text)} | {evidence_of(text)} |"
        for code, text in page_error_texts().items()
    )
    lines = [
        *("# Texts of the hosted pages", "", note, "", _INTRODUCTION, "", *_screens()),
        *("## Errors", "", _ERRORS, "", "| code | text | evidence |", "|---|---|---|", *errors),
        *("", "## Lock", "", _LOCK, "", *(f"- {text}" for text in LOCK_TEXTS), ""),
    ]
    return "\n".join(lines)


def _screens() -> Iterator[str]:
    for prompt, screens in built_in_texts(ENGLISH).items():
        for screen, texts in screens.items():
            yield f"## {screen}"
            yield from ("", f"Prompt `{prompt}`.", "", "| key | text | evidence |", "|---|---|---|")
            for key, text in texts.items():
                yield f"| `{key}` | {_cell(text)} | {evidence_of(text)} |"
            yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
