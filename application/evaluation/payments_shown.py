"""Payments avoided as they may be shown: without what small numbers give away.

Single clients are small numbers: they are told only where all is shown. In groups, clients are
counted, and those of whom the payments are known. Of how many they are not known tells nothing of
anybody (as in `suppressing`), so it is shown, and withheld only where it would give another number
away. Days and euros are sums over few where few were at work, or few had a payment avoided, however
many clients there are: they are withheld then, and where the known clients are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from application.evaluation.payments import ClientPayments, Group, Payments, Terms
from application.evaluation.published import TOTAL, Counts, Key
from application.evaluation.suppression import suppress


@dataclass(frozen=True, slots=True)
class GroupShown:
    """A group; numbers are None where they are withheld (`Group` says what they are)."""

    municipality: str | None
    since: date | None
    until: date | None
    clients: int | None
    known: int | None
    at_work: int | None
    avoided: Decimal | None
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class PaymentsShown:
    """Payments as they may be shown; `clients` is None where single ones are withheld."""

    terms: Terms
    day: date
    until: date
    clients: tuple[ClientPayments, ...] | None
    groups: tuple[GroupShown, ...]
    unknown: Mapping[str, int | None]
    threshold: int


_PLACE_AND_TIME = ("municipality", "time")
_KNOWN, _UNKNOWN = "known", "not known"


def shown(found: Payments, threshold: int) -> PaymentsShown:
    """Return what may be shown; a threshold of 0 or 1 shows all.

    Of few in all no group is named: each has one at least, and four of fewer than five have one
    each.
    """
    counts, sums = _hidden(found, threshold)
    few = (*_IN_ALL, TOTAL) in counts
    return PaymentsShown(
        found.terms,
        found.day,
        found.until,
        found.clients if threshold <= 1 else None,
        tuple(_group(one, counts, sums) for one in found.groups if not few or _is_all(one)),
        {
            why: None if (TOTAL, TOTAL, why) in counts else number
            for why, number in found.unknown.items()
        },
        threshold,
    )


def _hidden(found: Payments, threshold: int) -> tuple[frozenset[Key], frozenset[Key]]:
    """Return the keys of counts (place, time, answer), and of sums (place, time), to withhold."""
    if threshold <= 1:
        return frozenset(), frozenset()
    times = sorted({one.since for one in found.groups if one.since is not None})
    known = [one for one in found.clients if one.avoided is not None]
    (counts,) = suppress([_counts(found, times)], threshold)
    # Two sums over different clients: what is withheld of one is withheld of the other, too, since
    # who knows what a day costs can tell one from the other.
    sums = suppress(
        [
            _added_up("at work", [one for one in known if one.at_work], times),
            _added_up("with payments avoided", [one for one in known if one.avoided], times),
        ],
        threshold,
    )
    of_few_known = frozenset(key[:2] for key in counts if key[2] == _KNOWN)
    return counts, of_few_known.union(*sums)


def _counts(found: Payments, times: Sequence[date]) -> Counts:
    """Return how many clients there are, and of how many the payments are known, or why not."""
    cells: Counter[Key] = Counter()
    for one in found.clients:
        answers = (_KNOWN,) if one.unknown is None else (_UNKNOWN, str(one.unknown))
        cells.update((*key, answer) for key in _keys(one, times) for answer in (TOTAL, *answers))
    reasons = dict.fromkeys(map(str, found.unknown), _UNKNOWN)
    lacking = {_UNKNOWN, *reasons}
    told = {key: n for key, n in cells.items() if key[2] not in reasons or key[:2] == _IN_ALL}
    return Counts(
        "clients",
        (*_PLACE_AND_TIME, "answer"),
        told,
        {"answer": reasons},
        shown=frozenset(key for key in told if key[2] in lacking),
    )


_IN_ALL: Key = (TOTAL, TOTAL)


def _added_up(what: str, clients: Sequence[ClientPayments], times: Sequence[date]) -> Counts:
    """Return of how many clients a sum is, in every group."""
    cells = Counter(key for one in clients for key in _keys(one, times))
    return Counts(what, _PLACE_AND_TIME, dict(cells))


def _keys(one: ClientPayments, times: Sequence[date]) -> list[Key]:
    """Return the groups that a client is in; who began before the first time is left over there."""
    began = max((day for day in times if day <= one.started_on), default=date.min)
    in_time = (began.isoformat(),) if times else ()
    return list(product((TOTAL, one.municipality), (TOTAL, *in_time)))


def _is_all(one: Group) -> bool:
    return one.municipality is None and one.since is None and one.until is None


def _group(one: Group, counts: frozenset[Key], sums: frozenset[Key]) -> GroupShown:
    place = (one.municipality, None if one.since is None else one.since.isoformat())
    withheld = place in sums
    return GroupShown(
        *(one.municipality, one.since, one.until),
        None if (*place, TOTAL) in counts else one.clients,
        None if (*place, _KNOWN) in counts else one.known,
        None if withheld else one.at_work,
        None if withheld else one.avoided,
        one.target,
    )
