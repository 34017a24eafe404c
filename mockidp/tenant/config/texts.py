"""Notes about languages and texts of a tenant file that no page of mockidp shows."""

from __future__ import annotations

from mockidp.codec.node import Node
from mockidp.codec.report import Report
from mockidp.protocol.locale import primary_language
from mockidp.tenant.config.place import Place
from mockidp.tenant.texts import ENGLISH, LANGUAGES, built_in_texts


def note_unused_texts(root: Node, report: Report) -> None:
    """Add the notes about a tenant file."""
    tenant, prompts = Place(root, ()).step("tenant"), Place(root, ()).step("prompts")
    own = prompts.step("customText")
    enabled = list(tenant.items("enabled_locales"))
    for locale in enabled:
        if primary_language(locale.text) not in LANGUAGES:
            text = (
                f"mockidp has no texts in {locale.text!r}. Pages in this language show "
                "`prompts.customText`, and otherwise English"
            )
            report.add_note(locale.node.line, locale.path, text)
    names = {one.text for one in enabled} or {ENGLISH}
    for texts in own.children():
        if texts.key not in names:
            text = f"{texts.key!r} is not among `tenant.enabled_locales`, so no page shows it"
            report.add_note(texts.node.line_of_entry, texts.path, text)
        for prompt in texts.children():
            _note_prompt(prompt, report)


def _note_prompt(prompt: Place, report: Report) -> None:
    known = built_in_texts(ENGLISH).get(prompt.key, {})
    for screen in prompt.children():
        shown = known.get(screen.key, {})
        unused = ", ".join(f"`{one.key}`" for one in screen.children() if one.key not in shown)
        if unused:
            text = f"no page of mockidp shows the text {unused}"
            report.add_note(screen.node.line_of_entry, screen.path, text)
