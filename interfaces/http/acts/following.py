"""Bodies of the acts of follow-up, and of periods of work, unemployment and benefit."""

from domain.facts import EmploymentStatus
from interfaces.http.acts.fields import Body, Day, Name, Names, Said, Whole, given, maybe
from interfaces.http.acts.values import Situation


class HoldFollowUp(Body):
    """The client was met or called afterwards."""

    status: EmploymentStatus = given("employed")
    """The client's status on the labour market."""
    support_needed: Names | None = maybe(["job-coach"])
    """The support that the client needs, as codes."""
    point: Name | None = maybe("one-month")
    """The point of the follow-up calendar, as the programme's definition names it."""
    situation: Situation | None = maybe({"employment": "employed", "municipality": "kuopio"})
    """What the client told of the situation, where it was asked anew."""
    note: Said | None = maybe("Likes the work; the way there is long.")
    """What else was said."""


class _Period(Body):
    start: Day = given("2025-03-03")
    """The first day."""
    end: Day | None = maybe("2025-05-30")
    """The last day; left out while it lasts."""
    kind: Name = given("full-time")
    """Of which kind, as a code."""
    paid_days: Whole | None = maybe(60)
    """The days that were paid, where that is known."""


class RecordEmploymentPeriod(_Period):
    """A period of work."""


class RecordUnemploymentPeriod(_Period):
    """A period of unemployment."""

    kind: Name = given("without-work")
    """Of which kind, as a code."""


class RecordBenefitPeriod(_Period):
    """A period on a benefit."""

    kind: Name = given("labour-market-subsidy")
    """Of which benefit, as a code."""
