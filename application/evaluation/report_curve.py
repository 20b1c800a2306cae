"""The survival curve of a report: how long until a journey ends as the programme means it to.

Waited for is what the definition sets a target or a reference value for: an end in work
(`employment`), or one in work, education or another measure (`follow-up-path`; also where it sets
neither). A journey that ended otherwise has not come to it, and is followed until the day asked
about: nothing but that day censors it, so Kaplan-Meier is one less the share that came to it, also
though other ends compete. One that ended nobody knows how is followed until its end.

No step gives a small number away: the curve is told on days that depend on nothing that happened,
and, under a threshold, its shares stand for multiples of the threshold, of a number of journeys
that is rounded to one. The band's limits are reckoned from nothing finer: from the rounded share,
half a step further out, and from how many journeys could be followed for so long, rounded, too.
Those of the share itself, rounded however they are, would tell together with it which number within
its step is the right one. It ends where fewer than the threshold are followed for so long.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from types import MappingProxyType

from application.evaluation.asking import Asked
from application.evaluation.report import Series
from application.evaluation.survival import (
    AWAITED,
    CENSORED,
    Day,
    Step,
    days_of_counts,
    kaplan_meier,
    limits_of,
)
from domain.definition import Title
from domain.measures import ON_TO_WORK, ONWARD
from domain.wording import said

EVERY = 30
"""Days from one row of the curve to the next."""

COLUMNS = ("days", "share", "low", "high")

STAYS = """
SELECT CASE WHEN came OR unknown THEN closed_on - accepted_on ELSE $2 - accepted_on END AS days,
    came, CASE WHEN unknown THEN closed_on ELSE $2 END - accepted_on AS followable,
    count(*)::BIGINT AS journeys
FROM (
    SELECT accepted_on, closed_on,
        closed_on IS NOT NULL AND coalesce(destination IN {ends}, FALSE) AS came,
        closed_on IS NOT NULL AND coalesce(destination, 'unknown') = 'unknown' AS unknown
    FROM journeys WHERE programme = $1 AND accepted_on IS NOT NULL
)
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is waited for: the destinations, the title in three languages, and what is said of it.

    `ends` are the destinations of a closed journey that count.
    """

    ends: frozenset[str]
    title: MappingProxyType[str, str]
    meaning: str


_WORK = Awaited(
    ON_TO_WORK,
    MappingProxyType(
        {
            "en": "How long until work is found",
            "fi": "Kuinka kauan kestää työn löytyminen",
            "it": "Quanto tempo fino al lavoro",
        }
    ),
    said(
        "The share of accepted journeys that have not ended in work or self-employment after so "
        "many days: Kaplan-Meier, with limits of 95 %."
    ),
)
_ONWARD = Awaited(
    ONWARD,
    MappingProxyType(
        {
            "en": "How long until a follow-up path is found",
            "fi": "Kuinka kauan kestää jatkopolun löytyminen",
            "it": "Quanto tempo fino a un percorso successivo",
        }
    ),
    said(
        "The share of accepted journeys that have not ended in work, self-employment, education "
        "or another measure after so many days: Kaplan-Meier, with limits of 95 %."
    ),
)

_VALUE_OF_WORK = said("The definition sets a value for an end in work.")
_VALUE_OF_PATH = said("The definition sets a value for a follow-up path.")
_NO_VALUE = said("The definition sets no value for an end: this one is assumed.")
_OTHER_ENDS = said(
    "Journeys that ended otherwise count as not there yet until the day asked about; one that "
    "ended nobody knows how is followed until its end."
)


def awaited(measures: Collection[str]) -> tuple[Awaited, str]:
    """Return what is waited for by the measures that values are set for, and why it is that."""
    if "employment" in measures and "follow-up-path" not in measures:
        return _WORK, _VALUE_OF_WORK
    return _ONWARD, _VALUE_OF_PATH if "follow-up-path" in measures else _NO_VALUE


def notes_of_curve(threshold: int) -> tuple[str, ...]:
    """Return every sentence that is said of a curve of any programme, under a threshold."""
    why = (_VALUE_OF_WORK, _VALUE_OF_PATH, _NO_VALUE)
    return (_WORK.meaning, _ONWARD.meaning, *why, _OTHER_ENDS, *_rounding(threshold))


def curve_of(
    asked: Asked,
    about: Title,
    programme: str,
    until: date,
    measures: Collection[str],
    threshold: int,
) -> Series:
    """Return the curve of a programme's journeys; without rows where too few were accepted.

    `about` is the title of the report, `measures` what its definition sets values for; journeys
    are followed `until` a day. Raises CannotAsk.
    """
    what, why = awaited(measures)
    counts, followable = _counts(asked, programme, until, what.ends)
    notes = (what.meaning, why, _OTHER_ENDS, *_rounding(threshold))
    title = Title(
        what.title["en"], what.title.get(about.language, what.title["en"]), about.language
    )
    rows = tuple(_rows(days_of_counts(counts), followable, threshold))
    return Series("survival", title, "survival", COLUMNS, rows, notes)


def _counts(
    asked: Asked, programme: str, until: date, ends: Collection[str]
) -> tuple[dict[tuple[float, int], int], dict[float, int]]:
    """Return how many journeys were followed for so many days and came to it, or did not.

    And how many could be followed for so many days, had they not come to it.
    """
    listed = ", ".join(f"'{end}'" for end in sorted(ends))
    found: dict[tuple[float, int], int] = {}
    followable: dict[float, int] = {}
    sql = STAYS.replace("{ends}", f"({listed})")
    for days, came, longest, journeys in asked.ask(sql, (programme, until)).rows:
        how = max(0.0, float(days)), AWAITED if came else CENSORED
        found[how] = found.get(how, 0) + journeys
        followable[longest] = followable.get(longest, 0) + journeys
    return found, followable


def _rounding(threshold: int) -> tuple[str, ...]:
    if threshold <= 1:
        return (said("It is told every {n} days.", n=EVERY),)
    return (
        said(
            "It is told every {n} days, in shares that stand for multiples of {threshold} "
            "journeys, as long as {threshold} and more are followed: no step tells of fewer.",
            n=EVERY,
            threshold=threshold,
        ),
        said("Of fewer than {n} accepted journeys nothing is told.", n=_fewest(threshold)),
    )


def _fewest(threshold: int) -> int:
    """Return of how many a curve is told: who are followed yet would tell how few are not."""
    return 2 * threshold if threshold > 1 else 0


def _rows(
    days: Sequence[Day], followable: Mapping[float, int], threshold: int
) -> Iterator[tuple[float, ...]]:
    """Yield a row for every thirtieth day for which enough were followed."""
    every = sum(one.ends + one.censored for one in days)
    least = max(1, threshold)
    levels = _nearest(every, least) // least
    if every < _fewest(threshold):
        return
    steps = kaplan_meier(days)
    place, share = 0, (1.0, 1.0, 1.0)
    for day in range(0, int(days[-1].days) + 1 if days else 0, EVERY):
        while place < len(steps) and steps[place].days <= day:
            share = _of(steps[place])
            place += 1
        at_risk = next((one.at_risk for one in days[place:]), 0)
        if day and at_risk < least and share[0] > 0:
            return
        if threshold <= 1:
            yield (day, *share)
        else:
            most = sum(number for longest, number in followable.items() if longest >= day)
            yield (day, *_rounded(share[0], levels, max(least, _nearest(most, least))))


def _of(step: Step) -> tuple[float, float, float]:
    return step.share, step.low, step.high


def _nearest(number: int, step: int) -> int:
    """Return the multiple of the step that is next to a number, halves up."""
    return (2 * number + step) // (2 * step) * step


def _rounded(share: float, levels: int, followable: int) -> tuple[float, float, float]:
    """Return a share with its limits as whole parts of so many; the limits outwards."""
    value = floor(share * levels + 0.5) / levels
    half = 0.5 / levels
    low, _ = limits_of(max(0.0, value - half), followable)
    _, high = limits_of(min(1.0, value + half), followable)
    slack = 1e-9  # what reckoning adds is no reason to go a step further
    return (
        value,
        max(0, floor(low * levels + slack)) / levels,
        min(levels, ceil(high * levels - slack)) / levels,
    )
