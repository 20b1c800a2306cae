"""What can be asked of an evaluation: the bodies of `/evaluations/...`, field by field."""

from abc import abstractmethod
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from application.evaluation.flows import MONTHS
from application.evaluation.followed import TRAITS
from application.evaluation.suppression import THRESHOLD
from interfaces.evaluations.compare import ComparisonAsked
from interfaces.evaluations.conformance import ConformanceAsked
from interfaces.evaluations.flows import FlowsAsked
from interfaces.evaluations.funnel import FunnelAsked
from interfaces.evaluations.payments import PaymentsAsked
from interfaces.evaluations.reading import Asked, OfJourneys
from interfaces.evaluations.survival import SurvivalAsked
from interfaces.http.acts.fields import Amount, Name, one_of
from interfaces.http.clocks import Day
from interfaces.http.context import Here
from interfaces.http.jobs import OfProgramme
from interfaces.http.reading import Id
from interfaces.http.reporting import Threshold

Trait = Annotated[str, one_of(tuple(TRAITS))]


def shown(**example: Any) -> ConfigDict:
    """Return the configuration of a body with an example of it."""
    return ConfigDict(json_schema_extra={"examples": [{"programme": "duunipolku", **example}]})


class Evaluated(OfProgramme):
    """Of which programme something is asked, at which moment, and how small numbers are shown."""

    programme: Id
    """The code of the programme."""
    threshold: Threshold = THRESHOLD
    """Numbers below it, and what would tell them, are withheld; 0 shows all, to those who may see
    the journeys themselves."""

    @abstractmethod
    def question(self, here: Here) -> Asked:
        """Return the question. Raises Problem for an unknown programme."""

    def of(self, here: Here) -> OfJourneys:
        """Return which journeys are meant. Raises Problem for an unknown programme."""
        known_at = self.known(here, self.programme, unpublished=True)
        return OfJourneys(self.programme, self.as_at, known_at)


class Survival(Evaluated):
    """How long it takes from one event to another."""

    model_config = shown(**{"from": "referral-accepted", "until": "placement-started"})

    begins: Annotated[Name, Field(alias="from")]
    """The event that begins it, as referral-accepted; the first of a journey counts."""
    until: Name
    """The event that ends it, as placement-started, or with a code: journey-closed:employment. From
    an event until the same one: until the next time."""
    competing: Annotated[tuple[Name, ...], Field(max_length=10)] = ()
    """Events that can come first instead; then the incidence of each is told (Aalen-Johansen)."""
    by: Trait | None = None
    """Into which groups journeys are told apart; left out: all together alone."""
    closing_ends: Annotated[bool, Field(strict=True)] = False
    """Whether no journey is followed beyond its closing."""
    within: Annotated[float, Field(strict=True, ge=1, le=100_000, allow_inf_nan=False)] | None = (
        None
    )
    """Means are of so many days; left out: of all that were followed."""

    def question(self, here: Here) -> SurvivalAsked:
        """Return the question as the evaluation takes it, of journeys in scope."""
        return SurvivalAsked(
            self.of(here),
            self.begins,
            self.until,
            self.competing,
            self.by,
            self.closing_ends,
            self.within,
            self.threshold,
        )


class Comparison(Evaluated):
    """Two groups of journeys by what came of them; one of treated, since and by tells them."""

    model_config = shown(outcome="placement-started", treated="plan-agreed")

    outcome: Name
    """What came of a journey. A share: EVENT, EVENT:CODE, within:DAYS:EVENT. A mean:
    days:EVENT..EVENT, answer:QUESTION, change:QUESTION..QUESTION. Or measure:NAME."""
    treated: Name | None = None
    """Those to whom this event happened, against the others."""
    since: Day | None = None
    """Those who began on this day or later, against those before."""
    by: Name | None = None
    """TRAIT=VALUE..VALUE, or TRAIT=VALUE against all others: gender=female..male."""
    standardise: Annotated[tuple[Trait, ...], Field(max_length=5)] = ()
    """Traits that are evened out between the groups."""

    def question(self, here: Here) -> ComparisonAsked:
        """Return the question as the evaluation takes it, of journeys in scope."""
        return ComparisonAsked(
            self.of(here),
            self.outcome,
            self.treated,
            self.since,
            self.by,
            self.standardise,
            self.threshold,
        )


class Funnel(Evaluated):
    """Organisations, or other units, side by side, with limits of chance."""

    model_config = shown(outcome="measure:employment")

    outcome: Name
    """measure:NAME of a target or reference value, or what a comparison takes."""
    by: Trait = "organisation"
    """What the units are."""
    centre: Annotated[float, Field(strict=True, ge=-1e9, le=1e9, allow_inf_nan=False)] | None = None
    """What units are compared with; left out: what all reach together."""

    def question(self, here: Here) -> FunnelAsked:
        """Return the question as the evaluation takes it, of journeys in scope."""
        return FunnelAsked(self.of(here), self.outcome, self.by, self.centre, self.threshold)


class Conformance(Evaluated):
    """Whether journeys went as the definition's own pathway has it."""

    model_config = shown(journeys=20, threshold=0)

    journeys: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 0
    """How many of the journeys that deviate are named, by their ids; needs a threshold of 0."""

    def question(self, here: Here) -> ConformanceAsked:
        """Return the question as the evaluation takes it, of journeys in scope."""
        return ConformanceAsked(self.of(here), self.journeys, self.threshold)


class Payments(Evaluated):
    """Municipal payments of labour-market subsidy that were avoided."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"programme": "etela-savo", "per_day": "37.21"}]}
    )

    per_day: Amount | None = None
    """What a day costs in euros; left out: the definition's sum."""

    def question(self, here: Here) -> PaymentsAsked:
        """Return the question as the evaluation takes it, of journeys in scope."""
        return PaymentsAsked(self.of(here), self.per_day, self.threshold)


class Flows(Evaluated):
    """Flows into and out of structural unemployment, and the coming year's inflow."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"programme": "askel", "months": 12}]}
    )

    months: Annotated[int, Field(strict=True, ge=1, le=120)] = MONTHS
    """From how many months on a spell of unemployment is structural."""

    def question(self, here: Here) -> FlowsAsked:
        """Return the question as the evaluation takes it, of journeys in scope."""
        return FlowsAsked(self.of(here), self.months, self.threshold)
