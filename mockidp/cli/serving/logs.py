"""Logging of `mockidp serve`: to standard error, as text or JSON."""

from __future__ import annotations

import json
import logging
import sys
import time
from functools import lru_cache


class _TextLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = f"{_time_of_day(int(record.created))} {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


@lru_cache(maxsize=1)
def _time_of_day(second: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(second))


class _JsonLine(logging.Formatter):
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


class _LineHandler(logging.StreamHandler):  # type: ignore[type-arg]  # not generic in Python
    def flush(self) -> None:
        """Do nothing: standard error is flushed at the end of each line."""


def configure_logging(log_format: str) -> None:
    """Log to standard error. Only the command line calls this; the library leaves logging alone."""
    # No line has them, and looking for them would take a quarter of its time.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = _LineHandler(sys.stderr)
    handler.setFormatter(_JsonLine() if log_format == "json" else _TextLine())
    logger = logging.getLogger("mockidp")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
