"""What came of a journey, as an evaluator names it: a share or a number to compare.

    journey-closed:employment        a share: whether this happened (see `happenings`)
    within:180:placement-started     a share: whether it happened within so many days of the start
    days:referral-accepted..placement-started   a mean: days from the one to the other (of the
                                     same event: to the next time)
    answer:earnings-1978             a mean: the newest answer to a question, on its own scale
    change:earnings-1975..earnings-1978     a mean: by how much one answer is above another
    measure:employment               what a target or a reference value counts

None stands for what is not known: it is counted as missing, and no number is made up for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import TypeAlias

from application.evaluation.followed import Followed
from application.evaluation.funnels import Kind
from application.evaluation.happenings import Happening, day_of, first_of, first_since, happening
from application.views.overview import Known
from application.views.targets import Course, courses_of
from domain.journey import events as e
from domain.measures import MEASURES
from domain.wording import Listed, said


class UnknownOutcome(ValueError):
    """Nothing that can be compared is named so; the message says what can."""


Values: TypeAlias = Callable[[Followed, date], list[float] | None]
"""What a journey adds by a day: values, none where it does not count, None where not known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is compared: its name, what the figure of several is, and what each journey adds.

    `happenings` are those that it names.
    """

    name: str
    kind: Kind
    values: Values
    better: str = "more"
    happenings: tuple[Happening, ...] = ()


def outcome(text: str) -> Outcome:
    """Return what a name means. Raises UnknownOutcome and UnknownHappening."""
    form, colon, rest = text.partition(":")
    named = _FORMS.get(form) if colon else None
    return named(text, rest) if named else _share_of(text, text, None)


def _known(value: float | None) -> list[float] | None:
    return None if value is None else [value]


def _share_of(text: str, event: str, within: int | None) -> Outcome:
    what = happening(event)

    def values(one: Followed, last: date) -> list[float] | None:
        return _known(_happened(one, what, last, within))

    return Outcome(text, Kind.SHARE, values, happenings=(what,))


def _within(text: str, rest: str) -> Outcome:
    days, _, event = rest.partition(":")
    if not (days.isascii() and days.isdigit() and len(days) < 6):
        raise UnknownOutcome(
            said("{text}: write the days first: within:180:placement-started", text=repr(text))
        )
    return _share_of(text, event, int(days))


def _happened(one: Followed, what: Happening, last: date, within: int | None) -> float | None:
    """Whether it happened; within so many days it is not known of who was not followed so long.

    That holds of those to whom it has happened, too: else of those who began lately they alone were
    known, and all of these have it. Within so many days of the start is what happened in the
    journey: work that began before the client was referred is not.
    """
    days = list(what.days(one.entries, last))
    if within is None:
        return float(bool(days))
    until = one.started_on + timedelta(days=within)
    if until > last:
        return None
    referred_on = one.journey.referral.on if one.journey.referral else one.started_on
    return float(any(referred_on <= day <= until for day in days))


def _answered(text: str, question: str) -> Outcome:
    return Outcome(text, Kind.MEAN, lambda one, _: _known(_answer(one, question)))


def _answer(one: Followed, question: str) -> float | None:
    """Return the newest number that was answered to a question, by the day it was."""
    found = None
    for entry in one.entries:
        if isinstance(entry.event, e.FeedbackGiven | e.SelfAssessmentSubmitted):
            for answer in entry.event.answers:
                if answer.question == question and answer.value is not None:
                    found = answer.value
    return found


def _two(text: str, rest: str) -> tuple[str, str]:
    first, _, second = rest.partition("..")
    if not (first and second):
        raise UnknownOutcome(
            said("{text}: write two with dots between: FIRST..SECOND", text=repr(text))
        )
    return first, second


def _change(text: str, rest: str) -> Outcome:
    first, second = _two(text, rest)

    def values(one: Followed, _last: date) -> list[float] | None:
        before, after = _answer(one, first), _answer(one, second)
        return None if before is None or after is None else [after - before]

    return Outcome(text, Kind.MEAN, values)


def _days(text: str, rest: str) -> Outcome:
    begins, ends = (happening(one) for one in _two(text, rest))

    def values(one: Followed, last: date) -> list[float] | None:
        began = first_of(begins, one.entries, last)
        later = None if began is None else first_since(began, ends, one.entries, last)
        if began is None or later is None:
            return None
        return [float((later - day_of(began)).days)]

    return Outcome(text, Kind.MEAN, values, "less", (begins, ends))


# What targets and reference values count, journey by journey


_Each: TypeAlias = Callable[[Course], list[float] | None]


def _share(among: Callable[[Course], bool], those: Callable[[Course], bool | None]) -> _Each:
    def share(course: Course) -> list[float] | None:
        if not among(course):
            return []
        answer = those(course)
        return None if answer is None else [float(answer)]

    return share


def _taken_in(course: Course) -> bool:
    return course.accepted_on is not None


def _closed(course: Course) -> bool:
    return course.destination is not None


def _days_to(until: Callable[[Course], date | None]) -> _Each:
    def days(course: Course) -> list[float]:
        end, start = until(course), course.accepted_on
        return [float((end - start).days)] if start and end else []

    return days


def _rate(number: Callable[[Course], int]) -> _Each:
    return lambda course: [float(number(course))] if _taken_in(course) else []


_EACH: Mapping[str, tuple[Kind, _Each]] = MappingProxyType(
    {
        "young-unemployed-or-threatened": (
            Kind.SHARE,
            _share(_taken_in, lambda c: c.young_at_stake),
        ),
        "follow-up-path": (Kind.SHARE, _share(_closed, lambda c: c.onward)),
        "employment": (Kind.SHARE, _share(_closed, lambda c: c.on_to_work)),
        "plans-agreed": (Kind.SHARE, _share(_taken_in, lambda c: c.plan_on is not None)),
        "accompanied": (
            Kind.SHARE,
            _share(lambda c: _taken_in(c) and c.placements > 0, lambda c: c.accompanied),
        ),
        "feedback": (Kind.SHARE, _share(_closed, lambda c: c.client_feedback)),
        "placements": (Kind.RATE, _rate(lambda c: c.placements)),
        "certificates": (Kind.RATE, _rate(lambda c: c.certificates)),
        "self-assessments": (Kind.RATE, _rate(lambda c: c.self_assessments)),
        "days-to-interview": (Kind.MEDIAN, _days_to(lambda c: c.interview_on)),
        "days-to-plan": (Kind.MEDIAN, _days_to(lambda c: c.plan_on)),
        "days-unemployed": (Kind.MEDIAN, lambda c: [float(days) for days in c.spells]),
    }
)


def _measure(text: str, name: str) -> Outcome:
    if name not in _EACH:
        known = Listed(sorted(_EACH))
        raise UnknownOutcome(
            said("{text} cannot be compared; there is {known}", text=repr(text), known=known)
        )
    kind, each = _EACH[name]

    def values(one: Followed, _last: date) -> list[float] | None:
        (course,) = courses_of([Known(one.id, one.history, one.client)])
        return each(course)

    return Outcome(text, kind, values, MEASURES[name].better)


_FORMS: Mapping[str, Callable[[str, str], Outcome]] = MappingProxyType(
    {
        "within": _within,
        "answer": _answered,
        "change": _change,
        "days": _days,
        "measure": _measure,
    }
)
