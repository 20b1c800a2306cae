"""The simulation itself: all ways in one order of time, the acts of a moment given together."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from application.acts import named
from application.journeys import Doing, assessment
from application.many_acts import act_all
from application.office import KIND, Office
from application.ports import Append, Receipt
from application.simulation.casting import Cast, check
from application.simulation.days import Moment, OnDay, VirtualClock, Window, WorkDays
from application.simulation.population import Referring, draw_person, draw_referring, takers_of
from application.simulation.rates import rates_of
from application.simulation.staff import Staff
from application.simulation.story import story
from application.simulation.way import Acts, Planned, Setting, Way
from application.transact import Asked, append_of
from domain.client import UNKNOWN, register
from domain.definition import Phase
from domain.journey import referral
from domain.journey.deadlines import kinds_that_matter
from domain.journey.history import History
from domain.refusals import IllegalTransition, InvalidField

COMING = 0.98
"""In which part of the window clients are referred: those who come last are still at the start."""

POST = (0, 2)
"""Slots of the day at which referrals are looked through."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that was refused. The simulation means none: each is a fault of its own."""

    journey: str
    act: str
    on: date
    message: str


@dataclass(slots=True)
class Played:
    """What was played: journeys that began, entries recorded, acts refused."""

    journeys: list[str] = field(default_factory=list)
    clients: int = 0
    entries: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def simulate(
    office: Office,
    clock: VirtualClock,
    casts: Sequence[Cast],
    window: Window,
    on_day: OnDay | None = None,
) -> Played:
    """Play the clients of all casts through the window, on the one clock that the log was given.

    The programmes are published already. The same casts and window give the same entries. Raises
    CannotSimulate where the log cannot take them: see `check`.
    """
    check(office, casts, window)
    told = _Telling(office, clock, window, on_day)
    for cast in casts:
        for way in _ways(office, cast, window):
            told.add(cast, way)
    told.tell()
    return told.played


def histories(office: Office, played: Played) -> dict[str, History]:
    """Return the histories that were played, by the journey's id, for tests to lean on."""
    return {
        journey: office.histories.remembered(named(KIND, journey)) for journey in played.journeys
    }


def setting_of(office: Office, cast: Cast, window: Window) -> Setting:
    """Return what the ways of a cast share."""
    numbers = [v.number for v in office.programmes.state(cast.programme).versions]
    versions = tuple(office.programmes.definition(cast.programme, n) for n in numbers)
    first = office.programmes.current(cast.programme, window.first)
    days = WorkDays(office.working_days(first.country))
    rates, staff = rates_of(first, cast.rates), Staff(versions[-1])
    kinds = kinds_that_matter(versions)
    last = days.of(window)[-1]
    return Setting(cast.programme, versions, days, rates, staff, window, last, kinds)


def _ways(office: Office, cast: Cast, window: Window) -> list[Way]:
    setting = setting_of(office, cast, window)
    return [_way(setting, cast, number) for number in range(1, cast.clients + 1)]


def _way(setting: Setting, cast: Cast, number: int) -> Way:
    rng = Random(f"{cast.programme} {cast.seed} {number}")  # noqa: S311 - play, not a secret
    latest = max(1, round(setting.window.days * COMING))
    drawn = setting.window.first + timedelta(days=rng.randrange(latest))
    on = min(setting.days.from_on(drawn), setting.last_working_day)
    definition = setting.current(on)
    takers = takers_of(definition, on)
    referring: Referring = draw_referring(rng, definition, setting.rates, takers, on)
    client = f"client-{cast.name(number)}"
    person = draw_person(rng, definition, setting.rates, referring, f"{cast.seed}-{number:04d}")
    way = Way(setting, client, person, referring, rng, on, Moment(on, rng.choice(POST)))
    if way.chance(setting.rates.leaves):
        way.leaves_in = rng.choices(list(Phase), (30, 20, 30, 15, 5))[0]
    return way


@dataclass(slots=True)
class _Turn:
    """Whose turn it is: a journey with its generator, and what it does next."""

    journey: str
    way: Way
    acts: Acts
    next: Planned

    @property
    def begins(self) -> bool:
        """Whether the client is not known before this."""
        return self.next.decision is referral.refer


def _registration(turn: _Turn) -> Append:
    way, asked = turn.way, Asked(turn.next.by, turn.next.on)
    events = register(UNKNOWN, way.person.particulars, on=turn.next.on)
    return append_of(named("client", way.client), UNKNOWN, events, asked, "")


class _Telling:
    """All ways at once, told in the order of time."""

    def __init__(
        self, office: Office, clock: VirtualClock, window: Window, on_day: OnDay | None
    ) -> None:
        self.office, self.clock, self.window = office, clock, window
        self.on_day = on_day
        self.played = Played()
        self._turns: list[_Turn] = []
        self._due: list[tuple[Moment, int]] = []

    def add(self, cast: Cast, way: Way) -> None:
        """Let a way begin on its day."""
        number = sum(1 for turn in self._turns if turn.way.setting is way.setting) + 1
        acts = story(way)
        self._turns.append(_Turn(cast.name(number), way, acts, next(acts)))
        self._wait(len(self._turns) - 1)

    def tell(self) -> None:
        """Tell all ways to the end of the window."""
        day = None
        while self._due:
            moment = self._due[0][0]
            if moment.day != day and self.on_day is not None:
                self.on_day(moment.day, self.played.entries)
            day = moment.day
            self.clock.move(moment.instant())
            self._tell_moment(moment)

    def _tell_moment(self, moment: Moment) -> None:
        turns = []
        while self._due and self._due[0][0] == moment:
            turns.append(heapq.heappop(self._due)[1])
        self._register([turn for turn in map(self._turns.__getitem__, turns) if turn.begins])
        answers = act_all(self.office, [self._doing(self._turns[index]) for index in turns])
        for index, answer in zip(turns, answers, strict=True):
            self._answered(index, answer)

    def _register(self, turns: list[_Turn]) -> None:
        """Register the clients who are referred at this moment, all in one transaction."""
        if not turns:
            return
        appends, since = [_registration(turn) for turn in turns], self.office.clients.forgotten
        for receipt in self.office.log.append_all(appends, together=True):
            if isinstance(receipt, Receipt):
                self.office.clients.append(receipt.stream, UNKNOWN, receipt.entries, since=since)
                self.played.entries += len(receipt.entries)
        self.played.clients += len(turns)
        self.played.journeys += [turn.journey for turn in turns]

    def _doing(self, turn: _Turn) -> Doing:
        planned, fields = turn.next, turn.next.fields
        asked = Asked(planned.by, planned.on, planned.roles)
        if planned.decision is referral.assess_eligibility:
            return assessment(self.office, turn.journey, asked, fields["given"])
        programme = turn.way.setting.programme
        return Doing(turn.journey, asked, planned.decision, fields, programme)

    def _answered(self, index: int, answer: Receipt | Exception) -> None:
        turn = self._turns[index]
        if isinstance(answer, Exception):
            self._refused(turn, answer)
            return
        self.played.entries += len(answer.entries)
        history = self.office.histories.remembered(named(KIND, turn.journey))
        try:
            turn.next = turn.acts.send(history)
        except StopIteration:
            return
        self._wait(index)

    def _wait(self, index: int) -> None:
        moment = self._turns[index].next.at
        if moment.day <= self.window.last:
            heapq.heappush(self._due, (moment, index))

    def _refused(self, turn: _Turn, error: Exception) -> None:
        if not isinstance(error, IllegalTransition | InvalidField):
            raise error
        name = turn.next.decision.__name__
        self.played.refusals.append(Refusal(turn.journey, name, turn.next.on, str(error)))
