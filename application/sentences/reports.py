"""What became of a report that was issued, in words."""

from typing import assert_never

from domain.issued_report import ReportEvent, ReportIssued, ReportRestated
from domain.wording import Wording, said


def report_said(event: ReportEvent) -> Wording:
    """Return an entry of an issued report in words."""
    match event:
        case ReportIssued():
            return said(
                "a report of {programme} as at {day} was issued, with {figures} figures at "
                "position {position} of the log",
                programme=event.programme,
                day=event.as_at or "-",
                figures=event.figures,
                position=event.basis.at_position,
            )
        case ReportRestated():
            return said(
                "the report was restated at position {position} of the log: {changed} of its "
                "figures differ, by {causes} entries ({reason})",
                position=event.basis.at_position,
                changed=event.changed,
                causes=len(event.causes),
                reason=event.reason,
            )
        case never:
            assert_never(never)
