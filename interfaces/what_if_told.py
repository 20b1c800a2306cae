"""What would have been under another definition, as JSON has it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from application.evaluation.case_sentences import sentences
from application.evaluation.cases import Case, Change
from application.evaluation.what_if import Tally, WhatIf
from application.plainly import plain


def told(found: WhatIf, file: str | None, named: Mapping[str, str]) -> dict[str, Any]:
    """Return the answer as JSON has it; `file` has the definition, `named` tells names."""
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
        "in_all": _tally(total),
        "by_organisation": [_tally(one) for one in places],
        "cases": [_case(case, named) for case in found.cases],
        "unknown": found.unknown,
    }


def _tally(one: Tally) -> dict[str, Any]:
    said: dict[str, Any] = plain(one)
    return {**said, "changes": {change.value: one.changes[change] for change in Change}}


def _case(case: Case, named: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = plain(case)
    return {
        **said,
        "name": named.get(case.client),
        "eligible": case.eligible,
        "would_be_eligible": case.would_be_eligible,
        "days_sooner": case.days_sooner,
        "sentences": sentences(case),
    }
