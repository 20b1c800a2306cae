"""What is told after another version of the definition was adopted, of a day before, is as then."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from application import journeys
from application.catalogue import JOURNEY_ACTS
from application.journeys import Doing, decided, history
from application.office import Office
from application.ports import Append, EventLog, Fresh
from application.possible import possible_now
from application.programmes import Programmes
from domain.calendar import Span
from domain.definition import (
    CompetenceFrame,
    Definition,
    EndState,
    FollowUpPoint,
    Participant,
    Phase,
    Questionnaire,
    Service,
)
from domain.entry import Personal
from domain.journey import corrections, intake
from domain.journey import events as e
from domain.journey.under import under_which
from domain.refusals import InvalidField
from tests.application.conftest import asked, publish_trial
from tests.domain import journeys as j

EARLY, ADOPTED, LATE = (j.DAY + timedelta(days=n) for n in (3, 9, 12))


def renamed() -> Definition:
    """The second version: every code is another one."""
    city, state = j.DEFINITION.organisations
    return j.definition(
        2,
        organisations=(city, Participant("region", state.title, state.roles)),
        channels=j.coded("online"),
        service_lines=j.coded("line-9"),
        services=(Service("workshop", j.title("Workshop"), tuple(Phase)),),
        needs=j.coded("housing"),
        disadvantages=j.coded("rural"),
        frames=(CompetenceFrame("new", j.title("New"), ("1", "2"), j.coded("baking")),),
        review_methods=j.coded("tests"),
        placement_forms=("apprenticeship",),
        follow_up=(
            FollowUpPoint("a-year", j.title("A year"), Span(1, "years"), "placement-started"),
        ),
        exemption_reasons=j.coded("strike"),
        end_states=(EndState("ended-early", j.title("Early"), ("inactive",)),),
        questionnaires=(
            Questionnaire("new-view", 3, j.title("View"), ("client",)),
            Questionnaire("new-feedback", 3, j.title("Feedback"), ("employer",)),
        ),
    )


def read(text: str, _origin: str) -> Definition:
    return renamed() if text == "2" else j.definition(disadvantages=j.coded("carer"))


@pytest.fixture
def adopted(memory_log: EventLog) -> Office:
    """An office with one journey, which adopted the second version on the ninth day."""
    publish_trial(memory_log)
    office = Office(memory_log, Programmes(memory_log, read), lambda _country: j.is_weekday)
    events = (
        (j.REFERRED, j.DAY),
        (e.ReferralAccepted(), j.DAY),
        (e.CaseWorkerAssigned("worker-1", "city"), j.DAY),
        (e.PhaseEntered(Phase.TRAINING, 1), j.DAY),
        (e.DefinitionAdopted(2, j.WHY), ADOPTED),
    )
    fresh = tuple(Fresh(event, day) for event, day in events)
    office.log.append(Append("journey:j-1", 0, fresh, j.WORKER))
    return office


OFFERED: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "define-service-needs": (
        {"needs": ("language", "job-search"), "service_line": ("line-1", "line-2")},
        {"needs": ("housing",), "service_line": ("line-9",)},
    ),
    "start-competence-review": ({"method": ("talks",)}, {"method": ("tests",)}),
    "submit-self-assessment": (
        {"questionnaire": ("own-view",), "questionnaire_version": (1,)},
        {"questionnaire": ("new-view",), "questionnaire_version": (3,)},
    ),
    "record-competence": (
        {"concept": ("welding",), "level": ("low", "high")},
        {"concept": ("baking",), "level": ("1", "2")},
    ),
    "propose-service": ({"service": ("course", "coaching")}, {"service": ("workshop",)}),
    "start-service": ({"service": ("course", "coaching")}, {"service": ("workshop",)}),
    "propose-placement": (
        {"form": ("work-try-out", "internship-with-grant")},
        {"form": ("apprenticeship",)},
    ),
    "hold-follow-up": ({"point": ("one-month",)}, {"point": ("a-year",)}),
    "request-handover": ({"to_organisation": ("state",)}, {"to_organisation": ("region",)}),
    "exempt-deadline": (
        {"reason": ("illness",), "deadline": ("interview/2",)},
        {"reason": ("strike",), "deadline": ("interview/2",)},
    ),
    "close": (
        {"end_state": ("completed",), "destination": ("employment", "unemployed")},
        {"end_state": ("ended-early",), "destination": ("inactive",)},
    ),
}


def offered(office: Office, code: str, day: date) -> dict[str, tuple[Any, ...]]:
    """The first choice of an act that is told of a day."""
    found = {one.code: one for one in possible_now(office, "j-1", asked(day))}
    return dict(found[code].choices[0])


@pytest.mark.parametrize("code", OFFERED)
def test_the_codes_of_its_day_are_offered(adopted: Office, code: str) -> None:
    then, now = OFFERED[code]
    assert (offered(adopted, code, EARLY), offered(adopted, code, LATE)) == (then, now)


def _sayings() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Acts with codes of the first version, and with those of the second."""
    answers = (e.Answer("1", 1.0),)
    free: dict[str, dict[str, Any]] = {
        "submit-self-assessment": {"answers": answers},
        "propose-service": {"reference": "s-1"},
        "start-service": {"reference": "s-1"},
        "propose-placement": {"reference": "p-1", "employer": "Bakery"},
        "hold-follow-up": {"status": e.EmploymentStatus.UNKNOWN},
        "start-competence-review": {"assessor": "worker-1"},
        "request-handover": {"reason": j.WHY},
    }
    for code, choices in OFFERED.items():
        first, second = (
            {name: some[:1] if name == "needs" else some[0] for name, some in one.items()}
            for one in choices
        )
        yield code, free.get(code, {}) | first, free.get(code, {}) | second
    for code, field in (("draft-plan", "steps"), ("hold-intake-interview", "situation")):
        says: Callable[[str], Any] = _steps if field == "steps" else _situation
        yield code, {field: says("carer")}, {field: says("rural")}
    feedback = {"respondent": "employer", "answers": answers}
    yield (
        "give-feedback",
        {"questionnaire": "feedback", "questionnaire_version": 1, **feedback},
        {"questionnaire": "new-feedback", "questionnaire_version": 3, **feedback},
    )


def _steps(code: str) -> tuple[e.PlanStep, ...]:
    service = {"carer": "course", "rural": "workshop"}[code]
    return (e.PlanStep("1", Personal("learn"), LATE, service),)


def _situation(code: str) -> e.Situation:
    return e.Situation(e.EmploymentStatus.UNEMPLOYED, disadvantages=(code,))


@pytest.mark.parametrize(("code", "then", "now"), list(_sayings()))
def test_the_codes_of_its_day_are_taken_and_no_others(
    adopted: Office, code: str, then: dict[str, Any], now: dict[str, Any]
) -> None:
    def does(day: date, fields: dict[str, Any]) -> Any:
        doing = Doing("j-1", asked(day), JOURNEY_ACTS[code].decision, fields)
        return decided(adopted, history(adopted, "j-1"), doing)

    assert does(EARLY, then)
    assert does(LATE, now)
    for day, fields in ((EARLY, now), (LATE, then)):
        with pytest.raises(InvalidField, match=r"(not|is in no frame) (in|of) the definition"):
            does(day, fields)


def test_a_referral_that_is_repeated_after_an_adoption_records_nothing(adopted: Office) -> None:
    said = {"client": "client-1", "from_organisation": "state", "to_organisation": "city"}
    channel = {"channel": "walk-in", "service_line": "line-1"}
    assert not journeys.refer(adopted, "j-1", asked(), "trial", **said, **channel).entries


def test_what_is_told_late_is_under_the_version_of_its_day_and_put_right_in_its_codes(
    adopted: Office,
) -> None:
    told = {"needs": ("language",)}
    journeys.act(adopted, "j-1", asked(EARLY), intake.define_service_needs, **told)
    found = history(adopted, "j-1")
    assert [x.version for x in under_which(found.entries).values()] == [1, 1, 1, 1, 2, 1]

    def corrects(*needs: str, on: date = EARLY) -> Any:
        said = {"event": e.ServiceNeedsDefined(needs), "occurred_on": on, "reason": j.WHY}
        fields = {"entry": 6, **said}
        return decided(adopted, found, Doing("j-1", asked(LATE), corrections.correct, fields))

    assert corrects("job-search")
    assert corrects("housing", on=LATE)
    for needs, on in (("housing", EARLY), ("job-search", LATE)):
        with pytest.raises(InvalidField, match="not in the definition"):
            corrects(needs, on=on)
