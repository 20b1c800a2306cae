"""One client's way through a programme, told act by act.

A way is told by a generator: it yields what somebody does next, is given the journey's history
after that, and goes on from there. So it meets the same state that a case worker would meet.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

from application.simulation.days import SLOTS, Moment, Window, WorkDays
from application.simulation.population import Person, Referring
from application.simulation.rates import Rates
from application.simulation.staff import Staff
from domain.definition import Definition, Phase, Questionnaire
from domain.entry import By, Personal
from domain.journey.act import Events
from domain.journey.deadlines import Deadline, deadlines
from domain.journey.events import Answer
from domain.journey.history import History
from domain.journey.state import Journey, Status

ROOM = 3
"""Slots of a day that are left free after a visit begins, so that its acts fit into the day."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What somebody does next: when it is recorded, on which day it happened, by whom."""

    at: Moment
    on: date
    by: By
    decision: Callable[..., Events]
    fields: Mapping[str, Any]
    roles: tuple[str, ...] = ()


Acts: TypeAlias = Generator[Planned, History, None]
Told: TypeAlias = Generator[Planned, History, bool]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the ways of one programme share; `versions` are all versions of its definition.

    `last_working_day` is that of the window: who is referred last, is by then.
    `opens_or_meets` are the kinds of events that deadlines depend on: asking those alone is fast.
    """

    programme: str
    versions: tuple[Definition, ...]
    days: WorkDays
    rates: Rates
    staff: Staff
    window: Window
    last_working_day: date
    opens_or_meets: frozenset[type]

    def version(self, number: int) -> Definition:
        """Return the version of the definition."""
        return next(v for v in self.versions if v.version == number)

    def current(self, day: date) -> Definition:
        """Return the newest version in force on the day, or else the first."""
        in_force = [v for v in self.versions if v.effective_from <= day]
        return in_force[-1] if in_force else self.versions[0]


@dataclass(slots=True)
class Way:
    """A client's way so far. `day` is the day it has come to, `at` when that was recorded."""

    setting: Setting
    client: str
    person: Person
    referring: Referring
    rng: Random
    day: date
    at: Moment
    history: History = field(default_factory=History)
    leaves_in: Phase | None = None
    forgotten: bool = False
    count: int = 0
    later: list[tuple[date, Callable[["Way"], Acts]]] = field(default_factory=list)

    @property
    def journey(self) -> Journey:
        """The journey as it stands."""
        return self.history.journey

    @property
    def definition(self) -> Definition:
        """The version of the definition that the journey is under."""
        number = self.journey.definition_version
        return self.setting.version(number) if number else self.setting.current(self.day)

    @property
    def rates(self) -> Rates:
        """How often things happen."""
        return self.setting.rates

    @property
    def phase(self) -> Phase | None:
        """The phase the journey is in."""
        return self.journey.stay.phase if self.journey.stay else None

    @property
    def worker(self) -> By:
        """Who answers for the client, or else somebody of the organisation."""
        responsible = self.journey.responsible
        if responsible is not None:
            return By(responsible.person, responsible.organisation)
        organisation = self.journey.organisation or self.referring.to_organisation
        return self.setting.staff.anybody(self.rng, organisation)

    def chance(self, share: float) -> bool:
        """Say whether something that happens so often happens now."""
        return self.rng.random() < share

    def text(self, texts: tuple[str, ...]) -> Personal:
        """Return one of the texts, as said of the client."""
        return Personal(self.rng.choice(texts))

    def reference(self, letter: str) -> str:
        """Return a reference that is new to the journey: "s1", "p2"."""
        self.count += 1
        return f"{letter}{self.count}"

    def wait(self, fewest: int, most: int) -> None:
        """Let some days pass until the next working day."""
        self.day = self.setting.days.from_on(
            self.day + timedelta(days=self.rng.randint(fewest, most))
        )

    def wait_about(self, days: float) -> None:
        """Let about so many days pass; sometimes it is twice as long."""
        drawn = round(days * self.rng.lognormvariate(-0.1, 0.5))
        self.wait(max(1, drawn), max(1, drawn))

    def wait_until(self, day: date) -> None:
        """Let the days pass until a day, if it is still ahead."""
        self.day = self.setting.days.from_on(max(day, self.day))

    def put_off(self, days: int, acts: Callable[["Way"], Acts]) -> None:
        """Do something some days from now, between what else is done."""
        self.later.append((self.setting.days.from_on(self.day + timedelta(days=days)), acts))
        self.later.sort(key=lambda due: due[0])

    def do(
        self,
        decision: Callable[..., Events],
        *,
        by: By | None = None,
        on: date | None = None,
        roles: tuple[str, ...] = (),
        **fields: Any,
    ) -> Acts:
        """Do an act today (`on`: on that day), recorded today or, now and then, some days late."""
        yield from self.what_was_put_off()
        late = self.rng.randint(1, 9) if self.chance(self.rates.recorded_late / ROOM) else 0
        self.at = self._recorded(late)
        planned = Planned(self.at, on or self.day, by or self.worker, decision, fields, roles)
        self.history = yield planned

    def what_was_put_off(self) -> Acts:
        """Do what was put off until today or before."""
        while self.later and self.later[0][0] <= self.day:
            yield from self.later.pop(0)[1](self)

    def _recorded(self, late: int) -> Moment:
        """Return the next moment to record at: never before the last, nor before today."""
        day = self.setting.days.from_on(self.day + timedelta(days=late))
        if not self.history.entries:
            day = min(day, self.setting.last_working_day)
        if day > self.at.day:
            return Moment(day, self.rng.randrange(SLOTS - ROOM))
        if self.at.slot + 1 < SLOTS:
            return Moment(self.at.day, self.at.slot + 1)
        return Moment(self.setting.days.from_on(self.at.day + timedelta(days=1)), 0)

    def is_(self, status: Status) -> bool:
        """Say whether the journey has the status."""
        return self.journey.status is status

    def deadlines(self) -> tuple[Deadline, ...]:
        """Return the journey's deadlines as the entries say."""
        counts = self.setting.opens_or_meets
        entries = [entry for entry in self.history.in_force if type(entry.event) in counts]
        return deadlines(entries, self.setting.version, self.setting.days)

    def questionnaires(self, respondent: str, *, assesses: bool = False) -> list[Questionnaire]:
        """Return what a respondent is asked: self-assessments, or else the rest (feedback)."""
        asked = [q for q in self.definition.questionnaires if respondent in q.respondents]
        return [q for q in asked if _assesses(q) == assesses]

    def answers(self, remarks: tuple[str, ...]) -> tuple[Answer, ...]:
        """Return answers from 1 to 5 to a few questions, sometimes with a remark."""
        said = [
            Answer(f"q{number}", float(self.rng.choices((1, 2, 3, 4, 5), (4, 9, 22, 40, 25))[0]))
            for number in range(1, self.rng.randint(3, 5) + 1)
        ]
        if self.chance(0.2):
            said.append(Answer("remark", None, self.text(remarks)))
        return tuple(said)


def _assesses(questionnaire: Questionnaire) -> bool:
    return "assessment" in f"{questionnaire.code} {questionnaire.title.en}".lower()
