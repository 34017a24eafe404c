"""Log lines as text and as JSON, exceptions included."""

import json
import logging
import re

import pytest

from mockidp.cli.serving.logs import configure_logging


def log_bug(*, fails):
    try:
        1 / (0 if fails else 1)
    except ZeroDivisionError:
        logging.getLogger("mockidp.token").exception("a bug\nof two lines")
    else:
        logging.getLogger("mockidp.token").error("a bug\nof two lines")


@pytest.mark.parametrize("fails", [False, True])
def test_an_exception_is_logged_in_one_json_line(capsys, fails):
    configure_logging("json")
    log_bug(fails=fails)
    (line,) = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert (entry["level"], entry["message"]) == ("error", "a bug\nof two lines")
    assert ("ZeroDivisionError" in entry.get("exception", "")) == fails


@pytest.mark.parametrize("fails", [False, True])
def test_an_exception_is_logged_as_text_below_its_message(capsys, fails):
    configure_logging("text")
    log_bug(fails=fails)
    first, second, *traceback = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d a bug", first)
    assert second == "of two lines"
    assert traceback[-1:] == (["ZeroDivisionError: division by zero"] if fails else [])


def test_debug_messages_are_not_shown(capsys):
    configure_logging("text")
    logging.getLogger("mockidp.token").debug("too much")
    logging.getLogger("another").info("not ours")
    assert capsys.readouterr().err == ""
