"""The texts of a page are compared by what they show."""

from mockidp.web.pages.prompt_text import PromptText


def test_texts_are_equal_if_texts_and_variables_are():
    texts = PromptText({"title": "Hello"}, company="Acme")
    assert texts == PromptText({"title": "Hello"}, company="Acme")
    assert texts != PromptText({"title": "Hello"}, company="Apex")
    assert texts != PromptText({"title": "Bye"}, company="Acme")
    assert texts != {"title": "Hello"}
