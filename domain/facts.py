"""The closed catalogue of facts that the rules of a definition may name.

A fact is judged on one day, for one journey. A fact that nobody knows is None, never False: a rule
that needs it then says neither yes nor no. The journey gives a value for each name in `FACTS`; what
no entry can tell (the age, or what a case worker judges) is given with the act that asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, TypeAlias

from domain.definition import Facts, FactValue
from domain.refusals import InvalidField
from domain.wording import Listed, Wording, said

FactType: TypeAlias = Literal["bool", "int", "str", "date", "codes"]
"""`codes` is a tuple of coded texts."""


class EmploymentStatus(StrEnum):
    """A person's status on the labour market."""

    EMPLOYED = "employed"
    SELF_EMPLOYED = "self-employed"
    UNEMPLOYED = "unemployed"
    LAID_OFF = "laid-off"
    STUDENT = "student"
    IN_MEASURE = "in-measure"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


AT_WORK = frozenset({EmploymentStatus.EMPLOYED, EmploymentStatus.SELF_EMPLOYED})
"""Of whoever works."""

WITHOUT_WORK = frozenset(
    {EmploymentStatus.UNEMPLOYED, EmploymentStatus.LAID_OFF, EmploymentStatus.INACTIVE}
)
"""Of whoever does not; whether somebody works who studies or is in a measure, nothing tells."""

EMPLOYMENT_STATUSES = tuple(str(s) for s in EmploymentStatus if s is not EmploymentStatus.UNKNOWN)
"""What a person can be said to be; `in-measure` is a service of employment policy."""

RESPONDENTS = ("client", "employer", "network", "staff")
"""Whose feedback or answers a questionnaire collects."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by name: its type, a short title, and what it says exactly.

    `values` are the only codes a text fact can have, `listed_in` the part of the definition that
    lists them; both empty: any text.
    """

    name: str
    type: FactType
    title: str
    description: str
    values: tuple[str, ...] = ()
    listed_in: str | None = None


_PERSON = (
    Fact("age", "int", "age", "Whole years on the day judged."),
    Fact(
        "employment_status",
        "str",
        "employment status",
        "As told last: with the assessment, by an interview, a follow-up or a recorded period.",
        EMPLOYMENT_STATUSES,
    ),
    Fact("unemployed", "bool", "unemployed", "Without work on the day, from the first day on."),
    Fact(
        "unemployed_since",
        "date",
        "unemployed since",
        "First day of the spell of unemployment that lasts on the day judged.",
    ),
    Fact(
        "days_unemployed",
        "int",
        "days unemployed",
        "Days of the spell that lasts, both ends included; 0 where there is none.",
    ),
    Fact(
        "months_unemployed",
        "int",
        "months unemployed",
        "Whole months of the spell that lasts on the day judged; 0 where there is none.",
    ),
    Fact(
        "days_unemployed_of_last_16_months",
        "int",
        "days unemployed in the last 16 months",
        "Days of all spells in the 16 months up to the day judged, both ends included.",
    ),
    Fact(
        "unemployed_after_measure",
        "bool",
        "unemployed again after a measure",
        "The spell began within three months of the end of a service of employment policy.",
    ),
    Fact(
        "threatened_by_unemployment",
        "bool",
        "threatened by unemployment",
        "Not unemployed on the day, but notice, lay-off or the end of a contract or of studies "
        "without a job is ahead.",
    ),
    Fact(
        "at_risk_of_structural_unemployment",
        "bool",
        "at risk of structural unemployment",
        "A case worker judges that the spell is likely to last a year or to come back.",
    ),
    Fact("education_isced", "int", "education", "Highest completed level of ISCED 2011, 0 to 8."),
    Fact(
        "student_in_last_phase",
        "bool",
        "student in the last phase",
        "Vocational or professional studies are due to end within twelve months.",
    ),
    Fact(
        "finished_vocational_school",
        "bool",
        "finished vocational school",
        "Holds a vocational upper secondary qualification.",
    ),
    Fact(
        "needs_more_guidance",
        "bool",
        "needs more guidance into work",
        "A case worker or a school judges that guidance beyond the usual is needed.",
    ),
    Fact("municipality", "str", "municipality", "Code of the municipality of residence."),
    Fact(
        "disadvantages",
        "codes",
        "disadvantages",
        "Coded by the dictionary of disadvantage of the definition; empty where there is none.",
        listed_in="disadvantages",
    ),
)

_REFERRAL = (
    Fact("channel", "str", "channel", "The way the client was referred.", listed_in="channels"),
    Fact(
        "service_line",
        "str",
        "service line",
        "The line of service the client comes from, or was given since.",
        listed_in="service_lines",
    ),
    Fact(
        "from_organisation",
        "str",
        "referring organisation",
        "The organisation that made the referral, whether of the programme or not.",
    ),
    Fact(
        "has_employment_plan",
        "bool",
        "existing employment plan",
        "The referral came with an employment plan.",
    ),
    Fact(
        "has_need_definition",
        "bool",
        "existing definition of service needs",
        "The referral came with a definition of service needs.",
    ),
)

_JOURNEY = (
    Fact("accepted", "bool", "referral accepted", "The referral was accepted."),
    Fact("eligible", "bool", "eligible", "The newest assessment of eligibility said yes."),
    Fact("case_worker_assigned", "bool", "case worker", "A case worker answers for the client."),
    Fact("interview_held", "bool", "intake interview held", "At least one was held."),
    Fact("needs_defined", "bool", "service needs defined", "They were defined in this journey."),
    Fact("review_started", "bool", "competence review started", "A review was started."),
    Fact("review_completed", "bool", "competence review completed", "A review was completed."),
    Fact(
        "self_assessment_submitted",
        "bool",
        "self-assessment submitted",
        "The client submitted at least one.",
    ),
    Fact("competences_recorded", "int", "competences recorded", "How many, each concept once."),
    Fact("team_size", "int", "team size", "Members of the client's team on the day."),
    Fact(
        "team_organisations",
        "int",
        "organisations in the team",
        "How many different organisations the members act for.",
    ),
    Fact("plan_agreed", "bool", "plan agreed", "A plan is in force."),
    Fact("plan_steps", "int", "steps of the plan", "Steps of the plan in force, dropped ones out."),
    Fact("client_signed_plan", "bool", "plan signed by the client", "Of the plan in force."),
    Fact("services_started", "int", "services started", "How many services have started."),
    Fact("services_completed", "int", "services completed", "How many were completed."),
    Fact("certificates", "int", "certificates", "How many were awarded."),
    Fact("placement_agreed", "bool", "placement agreed", "At least one was agreed."),
    Fact("placement_started", "bool", "placement started", "At least one has started."),
    Fact("placement_ended", "bool", "placement ended", "At least one has ended."),
    Fact("grant_awarded", "bool", "grant awarded", "A grant was awarded for a placement."),
    Fact("employer_advised", "bool", "employer advised", "The host employer was given advice."),
    Fact("follow_ups_held", "int", "follow-ups held", "How many follow-ups were held."),
    Fact(
        "feedback_given",
        "codes",
        "feedback given",
        "Who has given feedback on this journey.",
        RESPONDENTS,
    ),
)

FACTS: Mapping[str, Fact] = MappingProxyType(
    {fact.name: fact for fact in (*_PERSON, *_REFERRAL, *_JOURNEY)}
)

_FITTING: Mapping[FactType, tuple[type, Wording]] = MappingProxyType(
    {
        "bool": (bool, said("true or false")),
        "int": (int, said("a whole number")),
        "str": (str, said("a text")),
        "date": (date, said("a day")),
        "codes": (tuple, said("a list of codes")),
    }
)


def check_facts(given: Facts) -> None:
    """Make sure that facts which a person gives are of the catalogue and of their type.

    None (not known) always fits. Raises InvalidField.
    """
    for name, value in given.items():
        fact = FACTS.get(name)
        if fact is None:
            raise InvalidField(name, said("there is no such fact: see the catalogue of facts"))
        if value is not None:
            _check_fact(fact, value)


def _check_fact(fact: Fact, value: FactValue) -> None:
    kind, wanted = _FITTING[fact.type]
    if type(value) is not kind:
        raise InvalidField(
            fact.name, said("{wanted} is wanted, not {value!r}", wanted=wanted, value=value)
        )
    codes = value if isinstance(value, tuple) else (value,)
    strange = [code for code in codes if fact.values and code not in fact.values]
    if strange:
        known = Listed(fact.values)
        raise InvalidField(
            fact.name, said("{code!r} is not one of {known}", code=strange[0], known=known)
        )
