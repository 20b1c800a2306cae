"""Which definition a day of the past is seen by."""

from datetime import UTC, date, datetime

import pytest

from application.evaluation.reading import definition_in_force
from application.office import Office


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2024, 12, 31), 1),  # nothing was in force yet: the first one tells what was meant
        (date(2025, 1, 31), 1),
        (date(2025, 2, 1), 2),
        (date(2030, 1, 1), 2),
    ],
)
def test_a_day_is_seen_by_the_definition_that_was_in_force(
    memory_office: Office, day: date, version: int
) -> None:
    found = definition_in_force(memory_office, "trial", day, None)
    assert found == memory_office.programmes.definition("trial", version)


def test_no_definition_is_used_that_was_not_known_then_or_that_nobody_published(
    memory_office: Office,
) -> None:
    known = datetime(1999, 1, 1, tzinfo=UTC)
    assert definition_in_force(memory_office, "trial", date(2025, 2, 1), known) is None
    assert definition_in_force(memory_office, "of-another-system", date(2025, 2, 1), None) is None
