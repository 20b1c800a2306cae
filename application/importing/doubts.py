"""What can be doubted of a day that another system claims.

- `recorded-before-happened`: the source stored it before the day on which it says it happened.
- `in-the-future`: it happened after the day on which the tables were made.
- `before-journey-start`: it happened before the day of the entry that opens the journey.
- `after-journey-end`: it happened after the day on which the journey was closed.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from application.importing.language import EventRule, Mapping, Severity
from application.importing.policies import Remark


class Doubt(NamedTuple):
    """A doubt, and whether it refuses the row."""

    severity: Severity
    remark: Remark


SeverityOf = Callable[[EventRule, str], Severity]


def severities(mapping: Mapping) -> SeverityOf:
    """Return how severe a check is for an event: as its rule says, else as the mapping says."""

    def severity(rule: EventRule, check: str) -> Severity:
        return rule.checks.get(check) or mapping.checks.get(check, "ignore")

    return severity


def doubts_of_a_day(
    rule: EventRule,
    occurred_on: date,
    recorded_on: date | None,
    extracted: date,
    severity: SeverityOf,
) -> Iterator[Doubt]:
    """Yield what is doubtful of an entry by itself; days are those of the source's time zone."""
    column = rule.occurred_on.path
    if recorded_on is not None and recorded_on < occurred_on:
        check = "recorded-before-happened"
        message = f"the source stored it on {recorded_on}, before the day it happened"
        yield Doubt(severity(rule, check), Remark(check, column, str(occurred_on), message))
    if occurred_on > extracted:
        check = "in-the-future"
        message = f"it lies after {extracted}, when the source was read out"
        yield Doubt(severity(rule, check), Remark(check, column, str(occurred_on), message))


def doubts_of_a_start(
    rule: EventRule, occurred_on: date, opened_on: date, severity: SeverityOf
) -> Iterator[Doubt]:
    """Yield what is doubtful of an entry beside the one that opens its journey."""
    if occurred_on < opened_on:
        check, message = "before-journey-start", f"the journey began on {opened_on}"
        remark = Remark(check, rule.occurred_on.path, str(occurred_on), message)
        yield Doubt(severity(rule, check), remark)


def doubts_of_an_end(
    rule: EventRule, occurred_on: date, ended_on: date, severity: SeverityOf
) -> Iterator[Doubt]:
    """Yield what is doubtful of an entry beside the one that closes its journey."""
    if occurred_on > ended_on:
        check, message = "after-journey-end", f"the journey was closed on {ended_on}"
        remark = Remark(check, rule.occurred_on.path, str(occurred_on), message)
        yield Doubt(severity(rule, check), remark)
