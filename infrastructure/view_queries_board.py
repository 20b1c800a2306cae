"""The organisation board as at any day: who stood where and for how long, and the weeks' flow."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from application.questions import Board, BoardLine, WeekFlow
from application.views.rows import ObligationRow, SpanRow
from infrastructure.view_lists import Where
from infrastructure.view_reading import Snapshot, ViewReader

_ENDED = "('closed', 'declined')"


class _Place(NamedTuple):
    programme: str
    organisation: str
    standing: str


def board(
    reader: ViewReader, day: date, *, programme: str | None, organisation: str | None, weeks: int
) -> Board:
    """Return where journeys stood on the day, and the flow of the weeks up to it.

    The last week is that of the day, up to the day. A journey comes to an organisation when it
    begins there, is handed over to it or reopened there, and leaves it when it is handed over or
    ends: so those that came less those that left are what the number of open journeys changed by.
    """
    told = Where(reader.driver)
    told.values["day"] = day.isoformat()
    if programme is not None:
        told.equal("r.programme", "programme", programme)
    if organisation is not None:
        told.equal("r.organisation", "organisation", organisation)

    def on_the_day(snapshot: Snapshot) -> Board:
        lines = _lines(snapshot, told, day)
        flow = _weeks(snapshot, told, day, weeks)
        position, unread = snapshot.position("board"), snapshot.unread("board")
        return Board(day, tuple(lines), tuple(flow), position, unread)

    return reader.ask(on_the_day, Board(day, (), (), 0))


def _lines(snapshot: Snapshot, told: Where, day: date) -> Iterable[BoardLine]:
    overdue = _overdue(snapshot, told)
    for place, days in sorted(_stood(snapshot, told, day).items()):
        yield BoardLine(
            programme=place.programme,
            organisation=place.organisation,
            standing=place.standing,
            journeys=days.total(),
            days_median=_median(days),
            days_most=max(days),
            overdue=overdue.get(place, 0),
        )


def _stood(snapshot: Snapshot, told: Where, day: date) -> Mapping[_Place, Counter[int]]:
    """Return how many journeys had stood in each place for how many days."""
    mark = snapshot.driver.value("day")
    began = "coalesce(r.phase_since, r.since)"
    # Two parts, each read from an index by the day on which the spans end.
    parts = " UNION ALL ".join(
        f"SELECT r.programme, r.organisation, r.standing, {began} AS began, count(*) AS journeys "
        f"FROM {snapshot.table(SpanRow)} AS r WHERE {told.text()} AND r.since <= {mark} "
        f"AND {until} GROUP BY r.programme, r.organisation, r.standing, {began}"
        for until in ("r.until IS NULL", f"r.until > {mark}")
    )
    found: dict[_Place, Counter[int]] = {}
    for *place, began_on, journeys in snapshot.tuples(parts, told.values):
        days = (day - date.fromisoformat(began_on)).days
        found.setdefault(_Place(*place), Counter())[days] += journeys
    return found


def _median(days: Counter[int]) -> float:
    """Return the median of what was counted, without listing it."""
    total = days.total()
    low, high = (total - 1) // 2, total // 2
    seen, between = 0, []
    for value in sorted(days):
        between += [value for place in (low, high) if seen <= place < seen + days[value]]
        seen += days[value]
    return sum(between) / 2


def _overdue(snapshot: Snapshot, told: Where) -> Mapping[_Place, int]:
    mark = snapshot.driver.value("day")
    found = snapshot.tuples(
        "SELECT r.programme, r.organisation, r.standing, count(*) "
        f"FROM {snapshot.table(ObligationRow)} AS o "
        f"JOIN {snapshot.table(SpanRow)} AS r ON r.owner = o.owner "
        f"WHERE {told.text()} AND o.due < {mark} AND o.opened_on <= {mark} "
        f"AND (o.settled_on IS NULL OR o.settled_on > {mark}) "
        f"AND r.since <= {mark} AND (r.until IS NULL OR r.until > {mark}) "
        "GROUP BY r.programme, r.organisation, r.standing",
        told.values,
    )
    return {_Place(*place): count for *place, count in found}


def _weeks(snapshot: Snapshot, told: Where, day: date, weeks: int) -> Iterable[WeekFlow]:
    monday = day - timedelta(days=day.weekday())
    first = monday - timedelta(weeks=weeks - 1)
    came = _by_day(
        snapshot, told, first,
        since=f"r.standing NOT IN {_ENDED} AND (r.number = 1 OR r.came_from IS NOT NULL)",
        until=f"r.standing IN {_ENDED} AND r.went_to IS NULL",
    )  # fmt: skip
    left = _by_day(
        snapshot, told, first,
        since=f"r.standing IN {_ENDED} AND r.number > 1 AND r.came_from IS NULL",
        until=f"r.standing NOT IN {_ENDED} AND r.went_to IS NOT NULL",
    )  # fmt: skip
    for number in range(weeks):
        week = first + timedelta(weeks=number)
        yield WeekFlow(week, came[week], left[week])


def _by_day(
    snapshot: Snapshot, told: Where, first: date, *, since: str, until: str
) -> Counter[date]:
    """Count spans that begin or end from the first day on until the day, by their weeks."""
    begin, end = snapshot.driver.value("first"), snapshot.driver.value("day")
    parts = " UNION ALL ".join(
        f"SELECT r.{edge}, count(*) FROM {snapshot.table(SpanRow)} AS r WHERE {told.text()} "
        f"AND {condition} AND r.{edge} >= {begin} AND r.{edge} <= {end} GROUP BY r.{edge}"
        for edge, condition in (("since", since), ("until", until))
    )
    found: Counter[date] = Counter()
    for on, count in snapshot.tuples(parts, {**told.values, "first": first.isoformat()}):
        at = date.fromisoformat(on)
        found[at - timedelta(days=at.weekday())] += count
    return found
