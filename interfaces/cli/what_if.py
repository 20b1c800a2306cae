"""`polku what-if`: the recorded journeys played again under another definition."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from application.evaluation.case_sentences import sentences
from application.evaluation.cases import Case, Change
from application.evaluation.eligibility import eligibility_again
from application.evaluation.what_if import (
    Question,
    Tally,
    WhatIf,
    names_of,
    what_if,
)
from application.local_time import instant_meant, zone_of
from application.office import Office
from application.scope import Purpose
from domain.definition import Definition
from interfaces import bootstrap
from interfaces.cli.clocks import AsAt, KnownAt
from interfaces.cli.noting import note_reading
from interfaces.cli.report_desk import current_archive, plainly_refused
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    Screen,
    answer,
    day_of,
    instant_of,
    progress,
    table,
)
from interfaces.what_if_told import told


def told_what_if(
    programme: Annotated[str, typer.Option(help="The programme's code, as etela-savo.")],
    with_: Annotated[
        Path,
        typer.Option(
            "--with",
            metavar="FILE",
            help="The other definition: a file as `polku programmes check` takes it.",
        ),
    ],
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="DAY", help="The other definition holds from this day on."),
    ] = None,
    as_at: AsAt = None,
    known_at: KnownAt = None,
    names: Annotated[
        bool, typer.Option("--names", help="Name the clients, for those who may see them.")
    ] = False,
    eligibility: Annotated[
        bool,
        typer.Option(
            "--eligibility",
            help="Count eligibility alone, by the facts that verdicts keep: quick on a large log.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Play the recorded journeys again under another definition: who, when, and what is not known.

    Nothing is recorded. Without --from, the other definition holds from the first day on.

    JSON: programme, definition (file, version, digest), since, as_at, known_at, position, in_all
    and by_organisation (each: organisation, journeys, judged, eligible, would_be, changes: how many
    by in, out, sooner, later, same, untold, not-judged; days_sooner, days_later, phases_stopped,
    phases_untold, deadlines_missed, deadlines_kept; null, not 0, is what --eligibility does not
    count: sooner, later, their days, phases and deadlines), cases (journey, client, name,
    organisation, change, eligible, would_be_eligible, possible, replayed_possible: day, exact;
    days_sooner, verdicts: entry, on, organisation, recorded, replayed; phases, deadlines,
    sentences), unknown (code, count: null where nobody can count it, said).
    """
    question = _asked(programme, with_, since, as_at, known_at)
    if eligibility and (as_at or known_at or names):
        raise BadInput("--eligibility: counts all journeys as recorded; leave out what narrows it")
    with bootstrap.open_office() as office:
        found = _played(office, question, eligibility_alone=eligibility)
        named = names_of(office, found.cases) if names else {}
        read = ((one.client, one.journey) for one in found.cases if names)
        note_reading(office, "what-if", read, Purpose.EVALUATION)
    value = told(found, str(with_), named)
    answer(as_json, value, lambda to: _draw(to, found, with_, named))


def _asked(
    programme: str, file: Path, since: str | None, as_at: str | None, known_at: str | None
) -> Question:
    """Return the question that is asked with the definition of a file. Raises BadInput."""
    other = bootstrap.definition_in(file)
    if other.programme != programme:
        raise BadInput(f"--with: {file} defines {other.programme}, not {programme}")
    known = instant_meant(instant_of(known_at, "--known-at"), zone_of(other))
    return Question(other, day_of(since, "--from") or date.min, day_of(as_at, "--as-at"), known)


def _played(office: Office, question: Question, *, eligibility_alone: bool) -> WhatIf:
    if not eligibility_alone:
        with progress("Playing journeys again") as advance:
            return what_if(office, question, on_progress=advance)
    office.programmes.check_published(question.other.programme)
    archive = current_archive(office)
    with plainly_refused(), progress("Judging journeys again") as advance:
        return eligibility_again(office, archive, question, advance)


def _draw(to: Screen, found: WhatIf, file: Path, named: Mapping[str, str]) -> None:
    to.print(_heading(found.question.other, found, file), soft_wrap=True)
    to.print(_tallies(found))
    if found.cases:
        to.print(_cases(found.cases, named))
    to.print("What this cannot know:")
    for one in found.unknown:
        if one.count is None or one.count:
            count = "" if one.count is None else f"{one.count:,} "
            to.print(f"- {count}{one.said}", soft_wrap=True)


def _heading(other: Definition, found: WhatIf, file: Path) -> str:
    asked, moment = found.question, ""
    moment += f", as at {asked.as_at}" if asked.as_at else ""
    moment += f", as known at {asked.known_at.isoformat()}" if asked.known_at else ""
    since = "from the first day on" if asked.since == date.min else f"from {asked.since} on"
    return (
        f"{other.programme} under {file} (digest {other.digest[:12]}) {since}{moment}, "
        f"at position {found.position:,} of the log"
    )


def _tallies(found: WhatIf) -> Any:
    """Draw the counts; what was not counted has no column."""
    named = [_columns(one, found.eligibility_alone) for one in found.tallies]
    drawn = table(None, ("Organisation", "wrap"), *((name, "right") for name in named[0]))
    for one, columns in zip(found.tallies, named, strict=True):
        drawn.add_row(one.organisation or "all", *(f"{n:,}" for n in columns.values()))
    return drawn


def _columns(one: Tally, eligibility_alone: bool) -> dict[str, int]:
    eligible = {"Let in": one.eligible, "Would be": one.would_be}
    changed = {"In": one.changes[Change.IN], "Out": one.changes[Change.OUT]}
    moved = {"Sooner": one.changes[Change.SOONER], "Later": one.changes[Change.LATER]}
    untold = {"Not told": one.changes[Change.UNTOLD]}
    rest = {
        "Phases stopped": one.phases_stopped,
        "Deadlines missed": one.deadlines_missed,
        "Kept": one.deadlines_kept,
    }
    counted = {"Journeys": one.journeys, "Judged": one.judged, **eligible, **changed}
    return counted | untold if eligibility_alone else counted | moved | untold | rest


def _cases(cases: Iterable[Case], named: Mapping[str, str]) -> Any:
    drawn = table(None, "Journey", ("Client", "wrap"), ("Organisation", "wrap"), ("What", "wrap"))
    for case in cases:
        who = named.get(case.client) or case.client
        drawn.add_row(case.journey, who, case.organisation, "; ".join(sentences(case)))
    return drawn
