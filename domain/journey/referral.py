"""Referral: into the programme, judged by the rules in force, into somebody's hands."""

from datetime import date

from domain.definition import Definition, Facts, Rule, codes
from domain.entry import Personal
from domain.facts import FACTS, check_facts
from domain.journey import events as e
from domain.journey.act import (
    NOTHING,
    Act,
    Events,
    newest_day,
    not_before,
    not_before_responsible,
    organisation_said,
    require,
    require_code,
    require_day,
    require_participant,
    require_text,
    unless_done,
    unless_recorded,
)
from domain.journey.facts import facts_of, used, values
from domain.journey.history import History
from domain.journey.state import Journey, Status
from domain.policy import Eligible, judge
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import coded, said


def refer(
    history: History,
    act: Act,
    *,
    client: str,
    from_organisation: str,
    to_organisation: str,
    channel: str,
    service_line: str | None = None,
    existing_plan: Personal = e.NOTHING_SAID,
    need_definition: Personal = e.NOTHING_SAID,
) -> Events:
    """Refer a client to the programme, under the version of its definition in force that day."""
    definition = act.definition
    require_text("client", client)
    require_text("from_organisation", from_organisation)
    require_participant("to_organisation", to_organisation, act)
    require_code("channel", channel, codes(definition.channels))
    if service_line is not None:
        require_code("service_line", service_line, codes(definition.service_lines))
    require_day(history.journey, act)
    _require_not_ended(definition, act)
    event = e.ReferralMade(
        client,
        definition.programme,
        definition.version,
        from_organisation,
        to_organisation,
        channel,
        service_line,
        existing_plan,
        need_definition,
    )
    if history.journey.referral is None:
        _not_before_answered(history, act)
        return (event,)
    if not unless_recorded(history, act, event):
        return NOTHING
    raise referred_already(history.journey)


_UNDONE = (
    *(e.ReferralAccepted, e.ReferralDeclined, e.CaseWorkerAssigned, e.HandoverAccepted),
    *(e.DefinitionAdopted, e.JourneyPaused, e.JourneyResumed, e.JourneyReopened),
)
"""What a new referral takes the place of, where the one before it was retracted."""


def _not_before_answered(history: History, act: Act) -> None:
    """Raise InvalidField for a day before that of what was told of a referral retracted since.

    Those to whom the client is referred now would have to accept by the order recorded, and others
    would have accepted by the days.
    """
    answered = [x for x in history.in_force if isinstance(x.event, _UNDONE)]
    last = max(answered, key=lambda x: x.occurred_on, default=None)
    if last is not None and act.on < last.occurred_on:
        before = said(
            "{happened} lies before entry {version}, {occurred_on}",
            happened=act.on,
            version=last.version,
            occurred_on=last.occurred_on,
        )
        raise InvalidField("occurred_on", before)


def _require_not_ended(definition: Definition, act: Act) -> None:
    """Raise InvalidField where the programme ended on the day of the act or before."""
    ended_on = definition.effective_until
    if ended_on is not None and act.on >= ended_on:
        ended = said("the programme ended on {effective_until}", effective_until=ended_on)
        raise InvalidField("occurred_on", ended)


def referred_already(journey: Journey) -> IllegalTransition:
    """Return why a journey that is referred cannot be referred once more."""
    return IllegalTransition(
        state=said("the journey is {status}", status=coded("status", journey.status.value)),
        act=said("refer the client"),
        missing=said("a journey is referred once: refer the client as a new journey"),
    )


def assess_eligibility(history: History, act: Act, *, given: Facts | None = None) -> Events:
    """Put the rules in force on the day, in the place of that day, to the facts known of it.

    `given` are facts that the assessor states or the client's register says. The verdict is an
    event whether it says yes or no. The same facts, rules and verdict again record nothing.
    """
    journey = history.journey
    require(journey, said("assess eligibility"), Status.REFERRED, Status.OPEN, Status.PAUSED)
    require_day(journey, act)
    definition, (organisation, rules) = act.definition, rules_of_the_day(history, act)
    check_facts(given or {})
    _check_listed(given or {}, definition)
    _check_stated(given or {}, act)
    known = facts_of(history.at(act.on), act.on, given)
    verdict = judge(rules, values(known))
    event = e.EligibilityAssessed(
        definition.version,
        organisation,
        isinstance(verdict, Eligible),
        used(known, rules),
        verdict.rules,
    )
    newest = next(
        (x for x in reversed(history.in_force) if isinstance(x.event, e.EligibilityAssessed)), None
    )
    if newest is not None and (newest.event, newest.occurred_on) == (event, act.on):
        return NOTHING
    return (event,)


def rules_of_the_day(history: History, act: Act) -> tuple[str, tuple[Rule, ...]]:
    """Return the organisation and the rules that a client was judged by on the day of the act.

    Who took the journey over since, says nothing of it.
    """
    organisation = history.at(act.on).organisation
    return organisation, act.definition.rules_in_force(act.on, organisation)


def _check_stated(given: Facts, act: Act) -> None:
    since, age = given.get("unemployed_since"), given.get("age")
    if isinstance(since, date) and since > act.on:
        raise InvalidField(
            "unemployed_since",
            said("{since} lies after the day judged, {on}", since=since, on=act.on),
        )
    if isinstance(age, int) and age < 0:
        raise InvalidField("age", said("{age} is not an age", age=age))


def _check_listed(given: Facts, definition: Definition) -> None:
    """Make sure that codes of the definition which an assessor states are in its lists."""
    for name, value in given.items():
        part = FACTS[name].listed_in
        if part is not None and value is not None:
            for code in value if isinstance(value, tuple) else (str(value),):
                require_code(name, code, codes(getattr(definition, part)))


def accept_referral(history: History, act: Act) -> Events:
    """Take the client in."""
    if history.journey.status in (Status.OPEN, Status.PAUSED):
        return NOTHING
    require(history.journey, said("accept the referral"), Status.REFERRED)
    require_day(history.journey, act)
    return (e.ReferralAccepted(),)


def decline_referral(history: History, act: Act, *, reason: Personal) -> Events:
    """Do not take the client in, for a reason."""
    require_text("reason", reason)
    event, what = e.ReferralDeclined(reason), said("decline the referral")
    if history.journey.status is Status.DECLINED:
        return unless_done(history, event, said("it is declined already"), what)
    require(history.journey, what, Status.REFERRED)
    require_day(history.journey, act)
    not_before(act, newest_day(history, e.JourneyReopened), said("the journey was reopened"))
    return (event,)


def assign_case_worker(history: History, act: Act, *, person: str, organisation: str) -> Events:
    """Make a person of the responsible organisation answer for the journey."""
    journey = history.journey
    require_text("person", person)
    require_participant("organisation", organisation, act)
    if journey.responsible is not None:
        now = journey.responsible
        if (now.person, now.organisation) == (person, organisation):
            return NOTHING
    require(journey, said("assign a case worker"), Status.OPEN, Status.PAUSED)
    require_day(journey, act)
    not_before_responsible(history, act)
    if organisation != journey.organisation:
        raise IllegalTransition(
            state=said(
                "{organisation} is responsible for the journey",
                organisation=organisation_said(act.definition, journey.organisation),
            ),
            act=said(
                "assign a case worker of {organisation}",
                organisation=organisation_said(act.definition, organisation),
            ),
            missing=said("a handover that the other organisation accepts"),
        )
    return (e.CaseWorkerAssigned(person, organisation),)
