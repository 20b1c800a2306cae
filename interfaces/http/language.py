"""In which language an answer speaks: English, Finnish or Italian, as Accept-Language asks."""

from functools import lru_cache

LANGUAGES = ("en", "fi", "it")

DEFAULT = "en"

LONGEST = 200
"""Characters of an Accept-Language that are looked at: browsers send far fewer."""


def language_of(accepted: bytes | None) -> str:
    """Return the language that is wanted most of those that Polku speaks; English else."""
    if not accepted:
        return DEFAULT
    return _wanted(accepted[:LONGEST].decode("latin-1"))


@lru_cache(maxsize=256)
def _wanted(accepted: str) -> str:
    best, weight = DEFAULT, 0.0
    for part in accepted.lower().split(","):
        tag, _, more = part.partition(";")
        language = tag.strip().partition("-")[0]
        wanted = _weight(more)
        if wanted > weight and (language in LANGUAGES or language == "*"):
            best, weight = (DEFAULT if language == "*" else language), wanted
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
