"""The texts of the pages: one wording for each error, and evidence for each text."""

from mockidp.flows.accounts import page_errors as account_errors
from mockidp.flows.login import page_errors
from mockidp.flows.login.page_errors import PageError
from mockidp.tenant.texts import ENGLISH, built_in_texts
from mockidp.tenant.texts.evidence import INFERRED, OWN, RECORDED, evidence_of


def texts_of_screens():
    """Return pairs of key and text."""
    return [
        pair
        for screens in built_in_texts(ENGLISH).values()
        for texts in screens.values()
        for pair in texts.items()
    ]


def errors():
    """Return the text of each error by its code."""
    modules = (*vars(page_errors).values(), *vars(account_errors).values())
    found = [one for one in modules if isinstance(one, PageError)]
    found += [error for _, error in account_errors.SIGN_UP_ERRORS.values()]
    return {one.code: one.text for one in found}


def test_an_error_has_the_same_text_on_every_screen():
    known = errors()
    different = {
        key: (text, known[key])
        for key, text in texts_of_screens()
        if key in known and text != known[key]
    }
    assert different == {}


def test_every_listed_text_is_shown_and_has_one_mark():
    shown = {text for _, text in texts_of_screens()} | set(errors().values())
    assert shown >= RECORDED | INFERRED | OWN
    assert not RECORDED & INFERRED
    assert not OWN & (RECORDED | INFERRED)
    assert {evidence_of(text) for text in shown} == {"R", "D", "I", "ours"}
