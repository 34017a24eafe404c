"""Durations in words."""

_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def in_words(seconds: float) -> str:
    """Return a duration as `1 d 2 h`, without fractions of a second."""
    left, parts = round(abs(seconds)), []
    for unit, length in _UNITS:
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"
