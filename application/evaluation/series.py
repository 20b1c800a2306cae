"""What a report shows as charts: stock and flow of phases, time to the outcome, chance by size.

Numbers of journeys are rounded (`rounding`; `report_curve` says how a curve does it), so that no
chart tells of a small group, also beside a table that tells how many there are in all; nor do two
reports of other thresholds together. A funnel is made of what its table shows. A number that is
rounded tells of one that is withheld all the same where a table tells some of them together: 9 in
two of many phases, as 0 and 5, are 2 and 7. So a report with tables by phase or by end has no chart
of these for its day. That holds of one report in which no table tells how many are in a phase yet
beside how many there are in all; and whoever asks for several of the same moment, one with the
table and one with the chart, or for those of one day and the next, can tell numbers by them that
none of them tells.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from typing import Any

from application.evaluation.asking import Asked, Rows
from application.evaluation.distributions import binomial_at_most, within
from application.evaluation.funnels import INNER, OUTER
from application.evaluation.report import Figure, Series, Table
from application.evaluation.report_curve import STAYS, curve_of
from application.evaluation.rounding import rounded, step_of
from domain.definition import Phase, Title

ORGANISATIONS = ("referred_to", "responsible_organisation", "organisation")
"""Columns that tell organisations apart."""

OF_STAYS = frozenset({"phase", "phase_since", "status", "closed_on", "end_state", "destination"})
"""Columns by which a table tells who is in which phase, or ended how."""

OPEN = "open"
"""Where those went who are in their phase yet."""

_PHASES = frozenset(phase.value for phase in Phase)

_TITLES = {
    "stock": ("Journeys in each phase", {"fi": "Polut vaiheittain", "it": "Percorsi per fase"}),
    "flow": ("From phase to phase", {"fi": "Vaiheesta toiseen", "it": "Da una fase all'altra"}),
    "funnel": (
        "organisations side by side",
        {"fi": "organisaatiot rinnakkain", "it": "le organizzazioni a confronto"},
    ),
}

_STOCK = """
WITH reported AS (
    SELECT make_date(year(day), month(day), 1) AS day FROM days($1, $2) WHERE day(day) = 1
    UNION SELECT $2
)
SELECT day, phase, sum(journeys)::BIGINT AS journeys
FROM stock($1, $2) JOIN reported USING (day) WHERE programme = $3
GROUP BY day, phase ORDER BY day, phase
"""

_FLOW = """
WITH own AS (
    SELECT journey, phase, lead(phase) OVER (PARTITION BY journey ORDER BY since, entry) AS after
    FROM stays WHERE programme = ? AND NOT reopened
)
SELECT own.phase, coalesce(own.after, journeys.end_state, 'open') AS target, count(*) AS journeys
FROM own JOIN journeys USING (journey) WHERE own.after IS NULL OR own.after != own.phase
GROUP BY own.phase, target ORDER BY own.phase, target
"""

ASKED_OF_JOURNEYS = (_FLOW, STAYS)
"""What charts ask in SQL of journeys."""


def series_of(
    asked: Asked,
    about: Title,
    programme: str,
    as_at: date,
    tables: Iterable[Table],
    threshold: int,
    measures: Collection[str] = (),
    followed_until: date | None = None,
) -> tuple[Series, ...]:
    """Return the series of a report, of its tables as they are shown. Raises CannotAsk.

    `about` is the title of the report: those of the series are in its languages. `measures` are
    those that the programme sets targets or reference values for. Nothing is known of
    the days since `followed_until`; None: of those since `as_at`.
    """
    tables = tuple(tables)
    stock, flow = _stock(asked, programme, as_at), _flow(asked, programme)
    if threshold > 1 and any(OF_STAYS.intersection(one.by) for one in tables):
        stock = Rows(stock.columns, [row for row in stock.rows if row[0] < as_at])
        flow = Rows(flow.columns, [])
    counted = _rounded(stock, flow, as_at, threshold)
    found = (
        _counted("stock", about, stock, counted[: len(stock.rows)]),
        _counted("flow", about, flow, counted[len(stock.rows) :]),
        curve_of(asked, about, programme, followed_until or as_at, measures, step_of(threshold)),
        *map(_funnel, filter(_has_funnel, tables)),
    )
    return tuple(one for one in found if one.rows)


def _stock(asked: Asked, programme: str, as_at: date) -> Rows:
    """Return how many were in each phase on the first of each month, and on the day asked about."""
    sql = "SELECT min(since) FROM stays WHERE programme = ?"
    first = asked.ask(sql, (programme,)).rows[0][0] or as_at
    rows = asked.ask(_STOCK, (min(first, as_at), as_at, programme)).rows
    return Rows(("day", "group", "count"), rows)


def _flow(asked: Asked, programme: str) -> Rows:
    """Return how many went from each phase to the next, to an end, or are in it still.

    None go to an end to which others came from their phases alone: who reads that nobody is told
    to have gone does not know that nobody went.
    """
    found = {
        (source, target): count for source, target, count in asked.ask(_FLOW, (programme,)).rows
    }
    sources, targets = (dict.fromkeys(x[side] for x in found) for side in (0, 1))
    none = {(x, y): 0 for x, y in product(sources, targets) if y not in _PHASES}
    ways = sorted((none | found).items())
    return Rows(("source", "target", "count"), [(*way, count) for way, count in ways])


def _rounded(stock: Rows, flow: Rows, as_at: date, threshold: int) -> list[int]:
    """Return the counts of both, rounded; those in a phase yet on the day are told alike in both.

    Else the one would tell of the other that it was taken to its other side. Where all of a day
    are, they are parted as the flows are, and not by themselves again.
    """
    of_flow = {row: place for place, row in enumerate(flow.rows)}
    counts = [row[-1] for row in flow.rows]
    places = []
    for day, phase, count in stock.rows:
        same = of_flow.get((phase, OPEN, count)) if day == as_at else None
        if same is None:
            same = len(counts)
            counts.append(count)
        places.append(same)
    days = ([places[x] for x in those] for those in _of_days(stock))
    others = (some for some in days if any(counts[x] and x >= len(flow.rows) for x in some))
    told = rounded(counts, [*_of_all(flow), *others], threshold)
    return [*(told[place] for place in places), *told[: len(flow.rows)]]


def _counted(kind: str, about: Title, found: Rows, told: Sequence[int]) -> Series:
    """Return a series of counts as they are told; a flow of nobody is none."""
    title = Title(*_title(kind, about.language), about.language)
    rows = ((*row[:-1], count) for row, count in zip(found.rows, told, strict=True))
    return Series(
        kind,
        title,
        kind,
        found.columns,
        tuple(row for row in rows if row[-1] or kind != "flow"),
    )


def _of_days(found: Rows) -> list[list[int]]:
    """Return the places of the rows of each day: together they are all that were in a phase."""
    return _places(row[0] for row in found.rows)


def _of_all(found: Rows) -> list[list[int]]:
    """Return the places of flows that are all journeys together: the last ones, and the first.

    Each journey is in a phase yet, or ended in one; and where all came to one phase, each went out
    of it or is in it.
    """
    last = [place for place, row in enumerate(found.rows) if row[1] not in _PHASES]

    def every(places: Iterable[int]) -> int:
        return sum(int(found.rows[place][-1]) for place in places)

    out_of = _places(row[0] for row in found.rows)
    return [last, *(some for some in out_of if every(some) == every(last))]


def _places(names: Iterable[Any]) -> list[list[int]]:
    """Return the places of each name, in the order in which they come first."""
    found: dict[Any, list[int]] = {}
    for place, name in enumerate(names):
        found.setdefault(name, []).append(place)
    return list(found.values())


def _title(kind: str, language: str) -> tuple[str, str]:
    """Return the title in English and in a language, or in English where it is not there."""
    english, others = _TITLES[kind]
    return english, others.get(language, english)


def _has_funnel(table: Table) -> bool:
    return table.measure == "share" and table.by in {(name,) for name in ORGANISATIONS}


def _funnel(table: Table) -> Series:
    """Return the shares of organisations that are shown, with the limits of chance around all."""
    shown = [one for one in table.figures if one.key[0] and one.having is not None and one.counted]
    every = sum(one.counted or 0 for one in shown)
    centre = sum(one.having or 0 for one in shown) / every if every else 0.0
    language = table.title.language
    english, local = _title("funnel", language)
    columns = ("group", "counted", "value", "target", "low", "high", "lowest", "highest")
    return Series(
        f"funnel-{table.indicator}",
        Title(f"{table.title.en}: {english}", f"{table.title.local}: {local}", language),
        "funnel",
        columns,
        tuple(_point(one, centre) for one in sorted(shown, key=lambda one: one.counted or 0)),
    )


def _point(figure: Figure, centre: float) -> tuple[str | float | None, ...]:
    size = figure.counted or 0
    limits = tuple(_limits(size, centre))
    return figure.key[0], size, figure.value, centre, *limits


def _limits(size: int, centre: float) -> Iterator[float]:
    """Yield the least and greatest share within chance, by the inner and the outer limits."""
    for coverage in (INNER, OUTER):
        low, high = within(lambda k: binomial_at_most(k, size, centre), coverage, size)
        yield low / size
        yield high / size
