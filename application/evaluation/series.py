"""What a report shows as charts: stock and flow of phases, time to the outcome, chance by size.

Numbers of journeys are rounded (`rounding`; `report_curve` says how a curve does it), so that no
chart tells of a small group, also beside a table that tells how many there are in all, or how many
have ended; nor do two reports of other thresholds together. A funnel is made of what its table
shows. A table by phase or by end tells some of those of a chart together, as often as it has
groups; so a report with one has no chart of these for its day. All that holds of one report, but
for what is told by chance of those who came to a phase beside how many have ended: 14 in all, of
whom 8 ended, and 13 of whom came to the second phase, leave one way to part them. Whoever asks for
several of the same moment, one with the table and one with the chart, or for those of one day and
the next, can tell numbers by them that none of them tells.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from application.evaluation.asking import Asked, Rows
from application.evaluation.distributions import binomial_at_most, within
from application.evaluation.funnels import INNER, OUTER
from application.evaluation.report import Figure, Series, Table
from application.evaluation.report_curve import STAYS, curve_of
from application.evaluation.report_notes import notes_of_counted
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
    the days since `followed_until`; None: of those since `as_at`. Notes of a series without rows
    say why that can be.
    """
    tables = tuple(tables)
    stock, flow = _stock(asked, programme, as_at), _flow(asked, programme)
    beside = threshold > 1 and any(OF_STAYS.intersection(one.by) for one in tables)
    if beside:
        stock = Rows(stock.columns, [row for row in stock.rows if row[0] < as_at])
        flow = Rows(flow.columns, [])
    found = (
        _counted("stock", about, stock, threshold, beside=beside),
        _counted("flow", about, flow, threshold, beside=beside),
        curve_of(asked, about, programme, followed_until or as_at, measures, step_of(threshold)),
        *map(_funnel, filter(_has_funnel, tables)),
    )
    return tuple(one for one in found if one.rows or (one.notes and threshold > 1))


def _stock(asked: Asked, programme: str, as_at: date) -> Rows:
    """Return how many were in each phase on the first of each month, and on the day asked about."""
    sql = "SELECT min(since) FROM stays WHERE programme = ?"
    first = asked.ask(sql, (programme,)).rows[0][0] or as_at
    rows = asked.ask(_STOCK, (min(first, as_at), as_at, programme)).rows
    return Rows(("day", "group", "count"), rows)


def _flow(asked: Asked, programme: str) -> Rows:
    """Return how many went from each phase to the next, to an end, or are in it still."""
    rows = asked.ask(_FLOW, (programme,)).rows
    return Rows(("source", "target", "count"), rows)


def _counted(kind: str, about: Title, found: Rows, threshold: int, *, beside: bool) -> Series:
    """Return a series of counts as they are told.

    A flow that is told as of nobody is none; nor is a phase under a threshold that is told as of
    nobody on every day, as whoever reads its name knows that somebody came to it. `beside` is
    whether a table tells small groups of the same.
    """
    title = Title(*_title(kind, about.language), about.language)
    told = rounded((row[-1] for row in found.rows), threshold)
    rows = [(*row[:-1], count) for row, count in zip(found.rows, told, strict=True)]
    if kind == "flow":
        rows = [row for row in rows if row[-1]]
    elif threshold > 1:
        named = {phase for _, phase, count in rows if count}
        rows = [row for row in rows if row[1] in named]
    notes = notes_of_counted(kind, threshold, beside=beside)
    return Series(kind, title, kind, found.columns, tuple(rows), notes)


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
