"""What can happen in any phase: phases, feedback, deadlines, pauses, definitions."""

from collections.abc import Iterable, Sequence
from datetime import date

from domain.definition import Phase, PhaseRule, Title, codes
from domain.entry import Personal
from domain.journey import events as e
from domain.journey.act import (
    NOTHING,
    Act,
    Events,
    newest_day,
    not_before,
    phase_said,
    require,
    require_begun,
    require_code,
    require_day,
    require_text,
    unless_done,
    unless_recorded,
)
from domain.journey.deadlines import Deadline, deadlines
from domain.journey.facts import facts_of, used, values
from domain.journey.history import History
from domain.journey.review import require_answers, require_questionnaire
from domain.journey.state import Status
from domain.policy import RuleOutcome, unmet
from domain.refusals import IllegalTransition, InvalidField
from domain.wording import Listed, Wording, called, coded, said, titled, worded


def enter_phase(
    history: History,
    act: Act,
    *,
    phase: Phase,
    override: tuple[str, ...] = (),
    reason: Personal = e.NOTHING_SAID,
) -> Events:
    """Enter a phase whose requirements are met, or overridden by who may, with a reason.

    `override` names the requirements (ids) that are set aside. Only those that are in fact not
    met are kept in the event.
    """
    journey = history.journey
    require(journey, said("enter a phase"), Status.OPEN)
    require_day(journey, act)
    not_before(
        act, journey.referral and journey.referral.accepted_on, said("the referral was accepted")
    )
    rule = _rule_of(phase, act)
    if journey.stay is not None and journey.stay.phase is phase:
        return NOTHING
    _can_follow(history, act, rule)
    known_facts = facts_of(history.at(act.on), act.on)
    not_met = unmet(rule.requires, values(known_facts))
    _require_met([r for r in not_met if r.id not in override], rule, act.definition.texts)
    overridden = tuple(r.id for r in not_met)
    if overridden:
        _may_override(act, reason)
    facts = used(known_facts, rule.requires)
    return (
        e.PhaseEntered(
            phase,
            act.definition.version,
            facts,
            overridden,
            reason if overridden else e.NOTHING_SAID,
        ),
    )


def _rule_of(phase: Phase, act: Act) -> PhaseRule:
    rule = act.definition.phase(phase)
    if rule is None:
        known = Listed(coded("phase", p.phase.value) for p in act.definition.phases)
        raise InvalidField(
            "phase",
            said(
                "the definition has no phase {phase}; it has: {known}",
                phase=coded("phase", phase.value),
                known=known,
            ),
        )
    return rule


def _require_met(left: Sequence[RuleOutcome], rule: PhaseRule, texts: Iterable[Title]) -> None:
    """Raise IllegalTransition where a phase's requirements are left that nobody sets aside.

    `texts` are those of the definition that are said in another language.
    """
    if not left:
        return
    phase = called("phase", rule.phase.value, rule.title)
    wanting = Listed(_wanting(r, rule, texts) for r in left)
    raise IllegalTransition(
        state=said("the requirements of {phase} are not met", phase=phase),
        act=said("enter {phase}", phase=phase),
        missing=said("{requirements:;}", requirements=wanting),
    )


def _wanting(outcome: RuleOutcome, phase: PhaseRule, texts: Iterable[Title]) -> Wording:
    title = next(r.title for r in phase.requires if r.id == outcome.id)
    why = outcome.why(titled(title), worded(outcome.basis, texts))
    return said("{reason} [{requirement}]", reason=why, requirement=outcome.id)


def _can_follow(history: History, act: Act, rule: PhaseRule) -> None:
    stay = history.journey.stay
    if stay is None:
        fits = not rule.after
        now = said("no phase was entered yet")
    else:
        fits = stay.phase in rule.after
        now = said("the journey is in {phase}", phase=phase_said(act.definition, stay.phase))
        if act.on < stay.since:
            raise InvalidField(
                "occurred_on",
                said(
                    "{phase} was entered on {since}",
                    phase=phase_said(act.definition, stay.phase),
                    since=stay.since,
                ),
            )
    if not fits:
        after = Listed(phase_said(act.definition, phase) for phase in rule.after)
        first = said("it can only be the first")
        missing = said("it comes after {after:or}", after=after) if after else first
        raise IllegalTransition(
            state=now,
            act=said("enter {phase}", phase=called("phase", rule.phase.value, rule.title)),
            missing=missing,
        )


def _may_override(act: Act, reason: Personal) -> None:
    allowed = act.definition.override_roles
    if not set(act.roles) & set(allowed):
        raise IllegalTransition(
            state=said("{person} acts as {roles}", person=act.by.person, roles=Listed(act.roles))
            if act.roles
            else said("{person} acts as nobody in particular", person=act.by.person),
            act=said("override a requirement"),
            missing=said("the role {allowed:or}", allowed=Listed(allowed))
            if allowed
            else said("the role of nobody: no role may"),
        )
    require_text("reason", reason)


def give_feedback(
    history: History,
    act: Act,
    *,
    respondent: str,
    questionnaire: str,
    questionnaire_version: int,
    answers: tuple[e.Answer, ...],
) -> Events:
    """Record feedback of the client, an employer or the network; also after the end."""
    require_begun(history.journey, act, said("give feedback"))
    require_questionnaire(act.definition, questionnaire, questionnaire_version, respondent)
    require_answers(answers)
    event = e.FeedbackGiven(respondent, questionnaire, questionnaire_version, answers)
    return unless_recorded(history, act, event)


def exempt_deadline(
    history: History,
    act: Act,
    *,
    deadline: str,
    reason: str,
    note: Personal = e.NOTHING_SAID,
) -> Events:
    """Lift a deadline, for a coded reason of the definition."""
    require_begun(history.journey, act, said("exempt from a deadline"))
    require_code("reason", reason, codes(act.definition.exemption_reasons))
    _open_deadline(
        history, act, deadline, said("exempt from the deadline {deadline}", deadline=deadline)
    )
    event = e.DeadlineExempted(deadline, reason, note)
    if not unless_recorded(history, act, event):
        return NOTHING
    _not_before_adjusted(history, act, deadline)
    return (event,)


def _not_before_adjusted(history: History, act: Act, deadline: str) -> None:
    adjusted = (a.on for a in history.journey.adjustments if a.deadline == deadline)
    not_before(act, max(adjusted, default=None), said("it was moved or lifted"))


def move_deadline(
    history: History, act: Act, *, deadline: str, due: date, reason: Personal
) -> Events:
    """Move a deadline to another day, for a reason."""
    require_begun(history.journey, act, said("move a deadline"))
    require_text("reason", reason)
    known = _open_deadline(
        history, act, deadline, said("move the deadline {deadline}", deadline=deadline)
    )
    if due < known.opened_on:
        raise InvalidField(
            "due", said("the deadline opened only on {opened_on}", opened_on=known.opened_on)
        )
    if known.moved is not None and known.due == due:
        return NOTHING
    event = e.DeadlineMoved(deadline, due, reason)
    if not unless_recorded(history, act, event):
        return NOTHING
    _not_before_adjusted(history, act, deadline)
    return (event,)


def _open_deadline(history: History, act: Act, deadline: str, what: str) -> Deadline:
    every = {d.id: d for d in deadlines(history.in_force, act.definition_of, act.is_working_day)}
    require_code("deadline", deadline, every)
    found = every[deadline]
    if found.met_on is not None:
        raise IllegalTransition(
            state=said("it was met on {met_on}", met_on=found.met_on),
            act=what,
            missing=said("correct the entry that met it, if that is wrong"),
        )
    return found


def pause(history: History, act: Act, *, reason: Personal, until: date | None = None) -> Events:
    """Let the journey rest; its clocks stand still until it is resumed."""
    journey, event, what = (
        history.journey,
        e.JourneyPaused(reason, until),
        said("pause the journey"),
    )
    if journey.status is Status.PAUSED:
        return unless_done(history, event, said("it is paused already"), what)
    require(journey, what, Status.OPEN)
    require_day(journey, act)
    require_text("reason", reason)
    not_before(
        act, journey.referral and journey.referral.accepted_on, said("the referral was accepted")
    )
    not_before(
        act, max((p.end for p in journey.pauses if p.end), default=None), said("a pause ended")
    )
    not_before(act, newest_day(history, e.JourneyReopened), said("the journey was reopened"))
    if until is not None and until < act.on:
        raise InvalidField(
            "until", said("{until} lies before the pause begins, {on}", until=until, on=act.on)
        )
    return (event,)


def resume(history: History, act: Act) -> Events:
    """Let the journey go on; its clocks run again from that day."""
    journey = history.journey
    if journey.status is Status.OPEN and journey.pauses and journey.pauses[-1].end == act.on:
        return NOTHING
    if journey.status is not Status.PAUSED:
        raise IllegalTransition(
            state=said("the journey is {status}", status=coded("status", journey.status.value)),
            act=said("resume the journey"),
            missing=said("only a paused journey can be resumed"),
        )
    require_day(journey, act)
    if act.on < journey.pauses[-1].start:
        raise InvalidField(
            "occurred_on", said("the pause began only on {start}", start=journey.pauses[-1].start)
        )
    return (e.JourneyResumed(),)


def adopt_definition(
    history: History, act: Act, *, definition_version: int, reason: Personal
) -> Events:
    """Go on under another version of the programme's definition, for a reason."""
    journey = history.journey
    if journey.definition_version == definition_version:
        return NOTHING
    require(journey, said("adopt a definition"), Status.REFERRED, Status.OPEN, Status.PAUSED)
    require_day(journey, act)
    require_text("reason", reason)
    adopted = act.definition_of(definition_version)
    if act.on < adopted.effective_from:
        raise InvalidField(
            "definition_version",
            said(
                "version {definition_version} takes effect only on {effective_from}",
                definition_version=definition_version,
                effective_from=adopted.effective_from,
            ),
        )
    not_before(act, newest_day(history, e.DefinitionAdopted), said("a definition was adopted"))
    return (e.DefinitionAdopted(definition_version, reason),)
