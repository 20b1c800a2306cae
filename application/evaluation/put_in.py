"""What counting stands on, and what of it is put into the SQL of an indicator."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from application.evaluation.asking import Asked
from domain.definition import Facts
from domain.indicators import Indicator

FactsOf = Callable[[str], Facts]
"""Returns the facts of a journey, by its id, at the moment that is asked about."""

DICTIONARIES = "$dictionaries"
"""How SQL names the codes of disadvantages of the definition's versions."""


@dataclass(frozen=True, slots=True)
class Here:
    """What counting stands on: the archive at a moment, the programme, and the journeys' facts.

    `as_at` is the day asked about, `known_until` the last day of it of which anything is known
    (None: all of it), `dictionary` the codes of the definition's disadvantages, and `dictionaries`
    those of its versions: SQL names them as `$as_at`, `$known_until`, `$dictionary` and
    `$dictionaries`.
    """

    asked: Asked
    programme: str
    as_at: date
    facts_of: FactsOf
    dictionary: tuple[str, ...] = ()
    dictionaries: Mapping[int, tuple[str, ...]] | None = None
    known_until: date | None = None


def put_in(indicator: Indicator, here: Here) -> Indicator:
    """Return the indicator with the days and the dictionary of the question in its SQL."""
    known = here.dictionaries or {}
    each = ", ".join(f"{number}: {_list(codes)}" for number, codes in known.items())
    values = {
        "$as_at": f"DATE '{here.as_at.isoformat()}'",
        "$known_until": f"DATE '{(here.known_until or here.as_at).isoformat()}'",
        "$dictionary": _list(here.dictionary),
        DICTIONARIES: f"CAST(MAP {{{each}}} AS MAP(BIGINT, VARCHAR[]))",
    }

    def put(text: str) -> str:
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    return replace(
        indicator,
        select=put(indicator.select),
        who=put(indicator.who),
        what=put(indicator.what),
    )


def _list(codes: Iterable[str]) -> str:
    quoted_ = ", ".join(f"'{code}'" for code in codes)
    return f"CAST([{quoted_}] AS VARCHAR[])"
