"""How codes, references and texts are said: by the titles of the definition where it has them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.definition import (
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
from domain.journey.events import PlanStep, Signatory, Situation
from domain.journey.state import Journey

Titles = Mapping[str, str]
_WORDS = {
    "work-try-out": "work try-out",
    "self-employment-or-start-up": "self-employment or start-up",
    "social-co-operative": "social co-operative",
    "self-employed": "self-employed",
    "self-employment": "self-employment",
}
"""Codes with a hyphen that belongs to the word."""

_Coded = Coded | Participant | Service | Questionnaire | EndState
_Named = Rule | DeadlineRule | FollowUpPoint


@dataclass(frozen=True, slots=True)
class Words:
    """English titles of codes by their kind, and what the journey's references stand for.

    What is not known is said as it stands: a code, a reference.
    """

    titles: Mapping[str, Titles] = field(default_factory=dict)
    services: Titles = field(default_factory=dict)
    employers: Titles = field(default_factory=dict)
    goals: Titles = field(default_factory=dict)

    def title(self, kind: str, code: str) -> str:
        """Return the title of a code ("service", "need" ...), or the code."""
        return self.titles.get(kind, {}).get(code, code)

    def organisation(self, code: str) -> str:
        """Return the name of an organisation."""
        return self.title("organisation", code)

    def service(self, reference: str) -> str:
        """Return the title of the client's service with the reference."""
        code = self.services.get(reference)
        return reference if code is None else self.title("service", code)

    def employer(self, reference: str) -> str:
        """Return the employer of the placement with the reference."""
        employer = self.employers.get(reference)
        return f"placement {reference}" if employer is None else f"placement with {employer}"

    def step(self, step: str) -> str:
        """Return a step of the plan by its goal, or by its id where that is not known."""
        goal = self.goals.get(step)
        return f"step {step}" if goal is None else f"step “{goal}”"

    def deadline(self, deadline: str) -> str:
        """Return a deadline ("interview/2": the rule and the entry that opened it) by its title."""
        rule, _, opened_by = deadline.partition("/")
        title = self.title("deadline", rule)
        return f"{title!r}, opened by entry {opened_by}" if opened_by else repr(title)


def words_of(definition: Definition | None, journey: Journey) -> Words:
    """Return the words for a journey, with the titles of its definition where there is one."""
    plan = journey.plan
    goals = {c.step.id: str(c.step.goal) for c in plan.steps if str(c.step.goal)} if plan else {}
    return Words(
        {} if definition is None else _titles(definition),
        {s.reference: s.service for s in journey.services if s.service},
        {p.reference: p.employer for p in journey.placements if p.employer},
        goals,
    )


def _titles(definition: Definition) -> dict[str, Titles]:
    d = definition
    coded: dict[str, Sequence[_Coded]] = {
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
    titles: dict[str, Titles] = {k: {c.code: c.title.en for c in v} for k, v in coded.items()}
    titles |= {kind: {one.id: one.title.en for one in ones} for kind, ones in named.items()}
    titles["phase"] = {p.phase.value: p.title.en for p in d.phases}
    return titles


def quoted(text: Personal, before: str = ": ") -> str:
    """Return a text in quotes after `before`; nothing where nothing was said."""
    if text.text:
        return f"{before}“{text.text}”"
    return f"{before}(sealed)" if text.sealed else ""


def listed(items: Iterable[str]) -> str:
    """Return "a, b and c"."""
    *first, last = list(items) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def plain(code: str) -> str:
    """Return a code of the vocabulary as words: "ended-early" is "ended early"."""
    return _WORDS.get(code, code.replace("-", " "))


def steps_said(steps: Iterable[PlanStep], words: Words) -> str:
    """Return the steps of a plan, each with its day and service."""
    return "; ".join(_step(step, words) for step in steps)


def _step(step: PlanStep, words: Words) -> str:
    service = words.title("service", step.service) if step.service else ""
    how = "" if service in {"", step.goal.text} else f" ({service})"
    return f"{quoted(step.goal, '') or f'step {step.id}'} by {step.by}{how}"


def signed_by(signatories: Iterable[Signatory]) -> str:
    """Return who signed, in which role."""
    return listed(f"{s.person} ({plain(s.role)})" for s in signatories)


def amount(value: Decimal, currency: str) -> str:
    """Return an amount of money."""
    return f"{value:,.2f} {currency}"


def situation_said(situation: Situation, words: Words) -> str:
    """Return what is known of a client's situation, in short."""
    s = situation
    flags = {
        "a student in the last phase": s.student_in_last_phase,
        "finished vocational school": s.finished_vocational_school,
        "threatened by unemployment": s.threatened_by_unemployment,
        "unemployed after a measure": s.unemployed_after_measure,
        "at risk of structural unemployment": s.at_risk_of_structural_unemployment,
        "needs more guidance": s.needs_more_guidance,
    }
    said = [
        _employment(s),
        f"education ISCED {s.education}" if s.education is not None else "",
        f"speaks {listed(s.languages)}" if s.languages else "",
        f"lives in {words.organisation(s.municipality)}" if s.municipality else "",
        *(text for text, holds in flags.items() if holds),
        *(words.title("disadvantage", code) for code in s.disadvantages or ()),
    ]
    return ", ".join(text for text in said if text)


def _employment(situation: Situation) -> str:
    status = plain(situation.employment.value) if situation.employment else ""
    if situation.unemployed_since is None:
        return status
    if status in {"", "unemployed"}:
        return f"unemployed since {situation.unemployed_since}"
    return f"{status}, unemployed since {situation.unemployed_since}"
