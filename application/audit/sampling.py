"""Samples of journeys that anybody can draw again.

The order of the draw is that of the SHA-256 (hex) of the UTF-8 text `seed:journey`, the smallest
first; no other chance is in it. Where it is stratified, each further journey is of the stratum that
has the most journeys for each one it has given (Adams's method): every stratum gives one before any
gives a second. Among equal ones the first by name gives.

What there is to draw from are the journeys as the log had them at a position: what was recorded
later does not count.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from application.acts import named
from application.office import KIND
from application.ports import EventLog
from domain.journey.history import history_of
from domain.journey.state import Journey
from domain.wording import said

FORM = "polku-audit-sample/1"
"""The form of a certificate. A change of the draw, or of what it names, is another form."""

MOST = 10_000
"""How many journeys a sample has at most."""

RootAt = Callable[[int], str | None]
"""Returns the root (hex) of the log's ledger at a position; None where there is no ledger."""

Progress = Callable[[int, int], None]


class Trait(StrEnum):
    """What journeys can be narrowed by, and stratified by."""

    PROGRAMME = "programme"
    ORGANISATION = "organisation"
    PHASE = "phase"
    STATUS = "status"


class BadCertificate(ValueError):
    """A certificate cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What is drawn: how many, by which seed, from which journeys, stratified by what."""

    size: int
    seed: str
    where: Mapping[Trait, str] = field(default_factory=dict)
    by: Trait | None = None


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the journeys: what they share ("" where not stratified), how many, and the drawn.

    `drawn` are ids in the order of the draw.
    """

    name: str
    journeys: int
    drawn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A sample with all that it takes to draw it again.

    `position` is that of the log, `root` that of its ledger there (hex; None without a ledger).
    """

    draw: Draw
    position: int
    root: str | None
    strata: tuple[Stratum, ...]

    @property
    def journeys(self) -> tuple[str, ...]:
        """The ids that were drawn, in order."""
        return tuple(sorted(journey for one in self.strata for journey in one.drawn))


def drawn_at(seed: str, journey: str) -> str:
    """Return the place of a journey in the order of a draw: the smallest come first."""
    return hashlib.sha256(f"{seed}:{journey}".encode()).hexdigest()


def drawn(size: int, seed: str, strata: Mapping[str, Iterable[str]]) -> tuple[Stratum, ...]:
    """Return what is drawn from strata of journeys; all where there are no more than wanted."""
    known = {name: list(strata[name]) for name in sorted(strata)}
    shares = _shares(size, {name: len(ids) for name, ids in known.items()})
    return tuple(
        Stratum(
            name,
            len(ids),
            tuple(sorted(ids, key=lambda id_: (drawn_at(seed, id_), id_))[: shares[name]]),
        )
        for name, ids in known.items()
    )


def _shares(size: int, journeys: Mapping[str, int]) -> dict[str, int]:
    shares = dict.fromkeys(journeys, 0)
    for _ in range(min(size, sum(journeys.values()))):
        shares[max(journeys, key=lambda name: _claim(journeys[name], shares[name]))] += 1
    return shares


def _claim(journeys: int, given: int) -> tuple[bool, Fraction]:
    """Return how much a stratum has to give; of equal claims the first by name is taken."""
    return (given == 0 and journeys > 0, Fraction(journeys, given or 1))


def sample(
    log: EventLog,
    draw: Draw,
    root_at: RootAt,
    *,
    position: int | None = None,
    on_progress: Progress = lambda _done, _all: None,
) -> Certificate:
    """Draw a sample of the journeys as the log had them at a position; None: as it has them now.

    Where the log ends before the position, it is drawn at its end.

    Each journey is read for itself, so that no more than its ids are kept of a large log.
    """
    newest = log.position()
    position = newest if position is None else min(position, newest)
    strata: dict[str, list[str]] = {}
    streams = log.streams(f"{KIND}:")
    for number, stream in enumerate(streams, 1):
        id_ = stream.removeprefix(f"{KIND}:")
        traits = traits_at(log, id_, position)
        if traits is not None and all(traits[name] == said_ for name, said_ in draw.where.items()):
            strata.setdefault(traits[draw.by] if draw.by else "", []).append(id_)
        on_progress(number, len(streams))
    return Certificate(draw, position, root_at(position), drawn(draw.size, draw.seed, strata))


def traits_at(log: EventLog, journey: str, position: int) -> dict[Trait, str] | None:
    """Return what a journey was at a position of the log; None where nothing was recorded of it."""
    entries = [x for x in log.load(named(KIND, journey)) if x.position <= position]
    return _traits(history_of(entries).journey) if entries else None


def _traits(journey: Journey) -> dict[Trait, str]:
    return {
        Trait.PROGRAMME: journey.programme,
        Trait.ORGANISATION: journey.organisation,
        Trait.PHASE: journey.stay.phase.value if journey.stay else "",
        Trait.STATUS: journey.status.value,
    }


def certified(one: Certificate) -> dict[str, Any]:
    """Return a certificate as JSON has it."""
    return {
        "form": FORM,
        "size": one.draw.size,
        "seed": one.draw.seed,
        "where": {name.value: text for name, text in sorted(one.draw.where.items())},
        "by": one.draw.by.value if one.draw.by else None,
        "position": one.position,
        "root": one.root,
        "strata": [
            {"name": x.name, "journeys": x.journeys, "drawn": list(x.drawn)} for x in one.strata
        ],
        "journeys": list(one.journeys),
    }


def certificate_of(told: Any) -> Certificate:
    """Return the certificate that JSON says. Raises BadCertificate."""
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise BadCertificate(said("it is no certificate of a sample (form {form})", form=FORM))
    try:
        where = {Trait(name): str(text) for name, text in told["where"].items()}
        by = Trait(told["by"]) if told["by"] is not None else None
        draw = Draw(_number(told["size"]), _text(told["seed"]), where, by)
        strata = tuple(
            Stratum(str(x["name"]), _number(x["journeys"]), tuple(map(str, x["drawn"])))
            for x in told["strata"]
        )
        read = Certificate(draw, _number(told["position"]), told["root"], strata)
        journeys = tuple(map(str, told["journeys"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadCertificate(
            said("a part of it is missing, or is none: {what}", what=str(error))
        ) from error
    if journeys != read.journeys:
        raise BadCertificate(said("its list of journeys is not that of its strata"))
    for name, count in Counter(x.name for x in strata).items():
        if count > 1:
            raise BadCertificate(
                said("{field} is given more than once: say which is meant", field=name)
            )
    return read


def _text(value: Any) -> str:
    """Return a text that has a form in UTF-8, of which a hash can be made. Raises ValueError."""
    str(value).encode()
    return str(value)


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError(value)
    return value


def differences(one: Certificate, again: Certificate) -> tuple[str, ...]:
    """Say in sentences where a sample that was drawn again differs from its certificate.

    The root is compared where the certificate has one.
    """
    found: list[str] = []
    if one.position != again.position:
        found.append(
            said(
                "the log ends at position {now}, and not behind {then}",
                now=again.position,
                then=one.position,
            )
        )
    if one.root is not None and one.root != again.root:
        found.append(
            said(
                "the root of the ledger at position {position} is {now}, not {then}",
                position=again.position,
                now=again.root or said("not known"),
                then=one.root,
            )
        )
    names = sorted({x.name for x in (*one.strata, *again.strata)})
    then, now = ({x.name: x for x in made.strata} for made in (one, again))
    for name in names:
        found += _differences(name, then.get(name), now.get(name))
    return tuple(found)


def _differences(name: str, then: Stratum | None, now: Stratum | None) -> Iterable[str]:
    counts = [x.journeys if x else 0 for x in (then, now)]
    if counts[0] != counts[1]:
        yield said(
            "there are {now} journeys to draw from ({stratum}), not {then}",
            now=counts[1],
            then=counts[0],
            stratum=name or said("all journeys"),
        )
    old, new = (x.drawn if x else () for x in (then, now))
    missing, added = (sorted({*old} - {*new}), sorted({*new} - {*old}))
    if missing:
        yield said("not drawn again: {journeys}", journeys=", ".join(missing))
    if added:
        yield said("drawn, and not in the certificate: {journeys}", journeys=", ".join(added))
    if old != new and not missing and not added:
        yield said("drawn in another order ({stratum})", stratum=name or said("all journeys"))
