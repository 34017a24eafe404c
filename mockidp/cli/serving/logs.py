"""Logging of `mockidp serve`: to standard error, as text or JSON."""

from __future__ import annotations

import json
import logging
import sys


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": record.created,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure_logging(log_format: str) -> None:
    """Log to standard error. Only the command line calls this; the library leaves logging alone."""
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(message)s", datefmt="%H:%M:%S")
    handler.setFormatter(_Json() if log_format == "json" else text)
    logger = logging.getLogger("mockidp")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
