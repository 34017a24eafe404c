"""A parser of pages that rejects malformed HTML."""

import re
from html import unescape
from html.parser import HTMLParser

WORDS_OF_AUTH0 = re.compile(
    "continue|log ?in|sign ?in|sign ?up|submit|next|password|email|username|accept", re.IGNORECASE
)
"""The words that scripts look for on Auth0's page, by label, role or text."""
VOID = {"input", "meta", "br", "hr", "img", "link"}


def mockidps_part(html):
    """Return a page from the hint on, as text, with backticks in place of `code` elements."""
    return unescape(re.sub("</?code>", "`", html.partition('data-testid="mockidp-hint"')[2]))


class Page(HTMLParser):
    """A parsed page: its elements with their attributes, its forms, its text."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.html = html
        self.open = []
        self.numbers = []
        self.elements = []
        self.texts = []
        self.forms = []
        self.field = {}
        self.is_chosen = False
        self.text = ""
        self.title = ""
        self.feed(html)
        self.close()
        assert self.open == [], "an element is left open"

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice: {names}"
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        self.texts.append("")
        if tag == "form":
            assert "form" not in self.open, "a form in a form"
            self.forms.append({"form": attributes, "fields": {}, "actions": []})
        elif tag == "input" and (attributes.get("type") != "radio" or "checked" in attributes):
            self.forms[-1]["fields"][attributes.get("name")] = attributes
        elif tag in {"textarea", "select"}:
            self.forms[-1]["fields"][attributes["name"]] = self.field = {**attributes, "value": ""}
        elif tag == "option":
            is_chosen = "selected" in attributes or not self.field.get("has_options")
            self.field["has_options"] = True
            if is_chosen:
                self.field["value"] = attributes.get("value", "")
            self.is_chosen = is_chosen and "value" not in attributes
        elif tag == "button" and "form" in self.open:
            self.forms[-1]["actions"].append(attributes.get("value"))
        if tag not in VOID:
            self.open.append(tag)
            self.numbers.append(len(self.elements) - 1)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another element"
        self.numbers.pop()

    def handle_data(self, data):
        if {"style", "script"} & set(self.open):
            return
        self.text += data
        for number in self.numbers:
            self.texts[number] += data
        if self.open and self.open[-1] == "title":
            self.title += data
        elif self.open and self.open[-1] == "textarea":
            self.field["value"] += data
        elif self.open and self.open[-1] == "option" and self.is_chosen:
            self.field["value"] = data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def find(self, tag=None, **attributes):
        """Return the numbers of the elements that have all these attributes."""
        return [
            number
            for number, (name, found) in enumerate(self.elements)
            if tag in (None, name) and attributes.items() <= found.items()
        ]

    def text_of(self, number):
        """Return an element's text, whitespace collapsed."""
        return " ".join(self.texts[number].split())

    def values(self, form):
        return {name: field.get("value") for name, field in self.forms[form]["fields"].items()}
