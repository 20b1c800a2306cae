"""What would have been under another definition, as JSON has it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from application.evaluation.case_sentences import sentences
from application.evaluation.cases import Case, Change
from application.evaluation.what_if import Tally, WhatIf
from application.plainly import plain

UNCOUNTED = (
    *("days_sooner", "days_later", "phases_stopped", "phases_untold"),
    *("deadlines_missed", "deadlines_kept"),
)
"""What a tally of eligibility alone does not have, beside who would have been sooner or later."""


def told(found: WhatIf, file: str | None, named: Mapping[str, str]) -> dict[str, Any]:
    """Return the answer as JSON has it; `file` has the definition, `named` tells names.

    What it says (sentences, reasons, why, said) can be said in any language (`spoken`).
    """
    question = found.question
    total, *places = found.tallies
    return {
        "programme": question.other.programme,
        "definition": {
            "file": file,
            "version": question.other.version,
            "digest": question.other.digest,
        },
        "since": None if question.since == date.min else question.since,
        "as_at": question.as_at,
        "known_at": question.known_at,
        "position": found.position,
        "in_all": _tally(total, found.eligibility_alone),
        "by_organisation": [_tally(one, found.eligibility_alone) for one in places],
        "cases": [_case(case, named) for case in found.cases],
        "unknown": found.unknown,
    }


def _tally(one: Tally, eligibility_alone: bool) -> dict[str, Any]:
    """Return a tally; null is what was not counted, which is not that there was none."""
    said: dict[str, Any] = plain(one)
    changes: dict[str, int | None] = {change.value: one.changes[change] for change in Change}
    if eligibility_alone:
        said |= dict.fromkeys(UNCOUNTED)
        changes |= dict.fromkeys((Change.SOONER.value, Change.LATER.value))
    return {**said, "changes": changes}


def _case(case: Case, named: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = plain(case)
    deadlines = [{k: x for k, x in one.items() if k != "title"} for one in said["deadlines"]]
    return {
        **said,
        "deadlines": deadlines,
        "name": named.get(case.client),
        "eligible": case.eligible,
        "would_be_eligible": case.would_be_eligible,
        "days_sooner": case.days_sooner,
        "sentences": sentences(case),
    }
