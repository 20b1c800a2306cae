"""How codes, references and texts are said: by the titles of the definition where it has them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

from domain.definition import (
    FOLLOW_UP_CALENDAR,
    Coded,
    DeadlineRule,
    Definition,
    EndState,
    FollowUpPoint,
    Participant,
    Questionnaire,
    Rule,
    Service,
)
from domain.entry import Personal
from domain.facts import EmploymentStatus
from domain.journey.events import PlanStep, Signatory, Situation
from domain.journey.state import Journey
from domain.wording import ENGLISH, Tongue, coded, in_language, in_words, linked, said, titled

Titles = Mapping[str, str]

Versions: TypeAlias = Callable[[], Iterable[Definition]]
"""Yields versions of a definition, newest first."""


def no_others() -> Iterable[Definition]:
    """Yield no version of a definition."""
    return ()


_OF_THE_VOCABULARY = frozenset({"phase", "end-state"})
"""Kinds of codes that a definition only gives titles to."""

_Coded = Coded | Participant | Service | Questionnaire | EndState
_Named = Rule | DeadlineRule | FollowUpPoint


@dataclass(frozen=True, slots=True)
class Words:
    """Titles of codes by their kind, what the journey's references stand for, and a language.

    Titles are in the language where the definition has them, else in English. A code that the
    definition does not have has its title from the newest of the `others` that does: it was said
    under one of them. What is not known is said as it stands: a code, a reference.
    """

    titles: Mapping[str, Titles] = field(default_factory=dict)
    services: Titles = field(default_factory=dict)
    employers: Titles = field(default_factory=dict)
    goals: Titles = field(default_factory=dict)
    tongue: Tongue = ENGLISH
    others: Versions = no_others

    def under(self, programme: str, version: int) -> "Words":
        """Return the words with the titles of one of the other versions before all else."""
        its_own = (programme, version)
        found = (x for x in self.others() if (x.programme, x.version) == its_own)
        definition = next(found, None)
        return self if definition is None else replace(self, titles=titles_of(definition))

    def say(self, template: str, /, **values: Any) -> str:
        """Return a template (as for `str.format`) in the language, with values said already."""
        pattern = self.tongue.gettext(template)
        return pattern.format(**values) if values else pattern

    def counted(self, one: str, many: str, n: int, /) -> str:
        """Return the template that goes with a number, which it writes as `{n}`."""
        return self.tongue.ngettext(one, many, n).format(n=n)

    def clause(self, text: Personal, template: str) -> str:
        """Return a template with what a person wrote, in quotes; nothing where nothing was said."""
        if text.text:
            return self.say(template, text=self.say("“{text}”", text=text.text))
        return self.say(template, text=self.say("(erased)")) if text.sealed else ""

    def listed(self, items: Iterable[str]) -> str:
        """Return "a, b and c"."""
        return linked(items, "and", self.tongue)

    def code(self, kind: str, code: str) -> str:
        """Return a code of the vocabulary ("destination", "form" ...) as words."""
        return in_language(in_words(kind, code), self.tongue)

    def role(self, role: str) -> str:
        """Return what somebody is in the client's team."""
        return in_language(coded("role", role), self.tongue)

    def day(self, day: date) -> str:
        """Return a day as the language writes it."""
        return self.tongue.day(day)

    def number(self, number: float) -> str:
        """Return a number as the language writes it."""
        return self.tongue.number(number)

    def money(self, amount: Decimal, currency: str) -> str:
        """Return an amount with its currency (ISO 4217), as the language writes it."""
        return self.tongue.money(amount, currency)

    def title(self, kind: str, code: str) -> str:
        """Return the title of a code ("service", "need" ...), or the code.

        One of the vocabulary, too, is said as words where no definition has it.
        """
        known = self._title(kind, code)
        if known is not None:
            return known if self.tongue is ENGLISH else in_language(known, self.tongue)
        return self.code(kind, code) if kind in _OF_THE_VOCABULARY else code

    def _title(self, kind: str, code: str) -> str | None:
        known = self.titles.get(kind, {}).get(code)
        if known is not None or not code:
            return known
        of_others = (titles_of(one).get(kind, {}).get(code) for one in self.others())
        return next((title for title in of_others if title is not None), None)

    def text(self, text: str) -> str:
        """Return a ground, a source or a note of the definition, in English where it has no other.

        One of Polku's own is said as Polku says it.
        """
        if text == FOLLOW_UP_CALENDAR:
            return in_language(said("follow-up calendar"), self.tongue)
        return in_language(self.titles.get("text", {}).get(text, text), self.tongue)

    def organisation(self, code: str) -> str:
        """Return the name of an organisation."""
        return self.title("organisation", code)

    def service(self, reference: str) -> str:
        """Return the title of the client's service with the reference."""
        code = self.services.get(reference)
        return reference if code is None else self.title("service", code)

    def employer(self, reference: str) -> str:
        """Return the placement with the reference, by its employer."""
        employer = self.employers.get(reference)
        if employer is None:
            return self.say("placement {reference}", reference=reference)
        return self.say("placement with {employer}", employer=employer)

    def step(self, step: str) -> str:
        """Return a step of the plan by its goal, or by its id where that is not known."""
        goal = self.goals.get(step)
        return self.say("step {step}", step=step) if goal is None else self._goal(goal)

    def _goal(self, goal: str) -> str:
        return self.say("step “{goal}”", goal=goal)

    def deadline(self, deadline: str) -> str:
        """Return a deadline ("interview/2": the rule and the entry that opened it) by its title."""
        rule, _, opened_by = deadline.partition("/")
        title = self.title("deadline", rule)
        if not opened_by:
            return self.say("{title!r}", title=title)
        return self.say("{title!r}, opened by entry {entry}", title=title, entry=opened_by)


MOST_KNOWN = 256
"""Definitions whose titles are kept; of more, all are made anew."""

_known: dict[int, tuple[Definition, Mapping[str, Titles]]] = {}


def words_of(
    definition: Definition | None,
    journey: Journey,
    tongue: Tongue = ENGLISH,
    others: Versions = no_others,
) -> Words:
    """Return the words for a journey, with the titles of its definition where there is one.

    `others` are versions that may have codes which that one has not; they are asked for once, and
    only where there is such a code.
    """
    plan = journey.plan
    goals = {c.step.id: str(c.step.goal) for c in plan.steps if str(c.step.goal)} if plan else {}
    return Words(
        {} if definition is None else titles_of(definition),
        {s.reference: s.service for s in journey.services if s.service},
        {p.reference: p.employer for p in journey.placements if p.employer},
        goals,
        tongue,
        cache(lambda: tuple(others())),
    )


def titles_of(definition: Definition) -> Mapping[str, Titles]:
    """Return the titles of a definition, gathered once: each page of each journey asks."""
    known = _known.get(id(definition))
    if known is not None:
        return known[1]
    titles = _titles(definition)
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[id(definition)] = definition, titles  # with the definition, whose id is then no other's
    return titles


def _titles(definition: Definition) -> dict[str, Titles]:
    d = definition
    codes: dict[str, Sequence[_Coded]] = {
        "organisation": d.organisations,
        "channel": d.channels,
        "service-line": d.service_lines,
        "service": d.services,
        "need": d.needs,
        "method": d.review_methods,
        "questionnaire": d.questionnaires,
        "exemption": d.exemption_reasons,
        "end-state": d.end_states,
        "disadvantage": d.disadvantages,
        "concept": tuple(concept for frame in d.frames for concept in frame.concepts),
    }
    named: dict[str, Sequence[_Named]] = {
        "requirement": tuple(rule for phase in d.phases for rule in phase.requires),
        "deadline": (*d.deadlines, *d.follow_up),
        "point": d.follow_up,
    }
    titles: dict[str, Titles] = {k: {c.code: titled(c.title) for c in v} for k, v in codes.items()}
    titles |= {kind: {one.id: titled(one.title) for one in ones} for kind, ones in named.items()}
    titles["phase"] = {p.phase.value: titled(p.title) for p in d.phases}
    titles["rule"] = {x.rule.title.en: titled(x.rule.title) for x in d.eligibility}
    titles["text"] = {text.en: titled(text) for text in d.texts}
    return titles


def steps_said(steps: Iterable[PlanStep], words: Words) -> str:
    """Return the steps of a plan, each with its day and service."""
    return "; ".join(_step(step, words) for step in steps)


def _step(step: PlanStep, words: Words) -> str:
    service = words.title("service", step.service) if step.service else ""
    how = "" if service in {"", step.goal.text} else f" ({service})"
    goal = words.clause(step.goal, "{text}") or words.say("step {step}", step=step.id)
    return words.say("{goal} by {day}", goal=goal, day=words.day(step.by)) + how


def signed_by(signatories: Iterable[Signatory], words: Words) -> str:
    """Return who signed, in which role; the client by the role alone, as an id tells nobody."""
    return words.listed(_signed(s.person, s.role, words) for s in signatories)


def _signed(person: str, role: str, words: Words) -> str:
    what = words.code("role", role)
    return what if role == "client" else f"{person} ({what})"


def situation_said(situation: Situation, words: Words) -> str:
    """Return what is known of a client's situation, in short."""
    s, say = situation, words.say
    flags = {
        say("a student in the last phase"): s.student_in_last_phase,
        say("finished vocational school"): s.finished_vocational_school,
        say("threatened by unemployment"): s.threatened_by_unemployment,
        say("unemployed after a measure"): s.unemployed_after_measure,
        say("at risk of structural unemployment"): s.at_risk_of_structural_unemployment,
        say("needs more guidance"): s.needs_more_guidance,
    }
    told = [
        _employment(s, words),
        say("education ISCED {level}", level=s.education) if s.education is not None else "",
        say("speaks {languages}", languages=words.listed(s.languages)) if s.languages else "",
        say("lives in {place}", place=words.organisation(s.municipality)) if s.municipality else "",
        *(text for text, holds in flags.items() if holds),
        *(words.title("disadvantage", code) for code in s.disadvantages or ()),
    ]
    return ", ".join(text for text in told if text)


def _employment(situation: Situation, words: Words) -> str:
    status, since = situation.employment, situation.unemployed_since
    if since is None:
        return words.code("employment", status.value) if status else ""
    unemployed = words.say("unemployed since {day}", day=words.day(since))
    if status in {None, EmploymentStatus.UNEMPLOYED}:
        return unemployed
    return f"{words.code('employment', status.value)}, {unemployed}" if status else unemployed
