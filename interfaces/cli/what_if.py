"""`polku what-if`: the recorded journeys played again under another definition."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from application.evaluation.case_sentences import sentences
from application.evaluation.cases import Case, Change
from application.evaluation.eligibility import eligibility_again
from application.evaluation.naming import Names
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
from application.sentences.words import titles_of
from domain.wording import Wording, said
from interfaces import bootstrap
from interfaces.cli.clocks import AsAt, KnownAt
from interfaces.cli.language import Language
from interfaces.cli.noting import note_reading
from interfaces.cli.report_desk import current_archive, plainly_refused
from interfaces.cli.speaking import InLanguage, Speaker, refusing, tongue_of
from interfaces.cli.terminal import (
    AsJson,
    BadInput,
    answer,
    day_of,
    instant_of,
    progress,
)
from interfaces.what_if_told import told


@refusing
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
    language: InLanguage = Language.ENGLISH,
    as_json: AsJson = False,
) -> None:
    """Play the recorded journeys again under another definition: who, when, and what is not known.

    Nothing is recorded. Without --from, the other definition holds from the first day on.
    Sentences are in the --language, keys and codes the same in each.

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
        raise BadInput(
            said("--eligibility: counts all journeys as recorded; leave out what narrows it")
        )
    with bootstrap.open_office() as office:
        found = _played(office, question, eligibility_alone=eligibility)
        named = names_of(office, found.cases) if names else {}
        read = ((one.client, one.journey) for one in found.cases if names)
        note_reading(office, "what-if", read, Purpose.EVALUATION)
    value = told(found, str(with_), named)
    answer(
        as_json,
        value,
        lambda to: _draw(Speaker(to, language, _places(found)), found, with_, named),
        tongue_of(language),
    )


def _asked(
    programme: str, file: Path, since: str | None, as_at: str | None, known_at: str | None
) -> Question:
    """Return the question that is asked with the definition of a file. Raises BadInput."""
    other = bootstrap.definition_in(file)
    if other.programme != programme:
        raise BadInput(
            said(
                "--with: {file} defines {other}, not {programme}",
                file=str(file),
                other=other.programme,
                programme=programme,
            )
        )
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


def _draw(speaker: Speaker, found: WhatIf, file: Path, named: Mapping[str, str]) -> None:
    speaker.line(_heading(speaker, found, file))
    speaker.show(_tallies(speaker, found))
    if found.cases:
        speaker.show(_cases(speaker, found.cases, named))
    speaker.line(said("What this cannot know:"))
    for one in found.unknown:
        if one.count is None:
            speaker.line(said("- {what}", what=one.said))
        elif one.count:
            count = speaker.number(one.count)
            speaker.line(said("- {count} {what}", count=count, what=one.said))


def _places(found: WhatIf) -> dict[str, str]:
    """Return what the organisations are called by the other definition."""
    codes = {one.organisation for one in found.tallies if one.organisation}
    return Names(titles_of(found.question.other)).of("organisation", codes)


def _heading(speaker: Speaker, found: WhatIf, file: Path) -> Wording:
    asked = found.question
    return said(
        "{programme} under {file} (digest {digest}) {since}{moment}, at position {position} of "
        "the log",
        programme=asked.other.programme,
        file=str(file),
        digest=asked.other.digest[:12],
        since=_since(asked.since),
        moment=_moment(asked),
        position=speaker.number(found.position),
    )


def _since(day: date) -> Wording:
    return said("from the first day on") if day == date.min else said("from {day} on", day=day)


def _moment(asked: Question) -> Wording:
    known = asked.known_at.isoformat() if asked.known_at else ""
    if asked.as_at and known:
        return said(", as at {day}, as known at {instant}", day=asked.as_at, instant=known)
    if asked.as_at:
        return said(", as at {day}", day=asked.as_at)
    return said(", as known at {instant}", instant=known) if known else Wording("")


def _tallies(speaker: Speaker, found: WhatIf) -> Table:
    """Draw the counts; what was not counted has no column."""
    named = [_columns(one, found.eligibility_alone) for one in found.tallies]
    headings = ((name, "right") for name, _ in named[0])
    drawn = speaker.table((said("Organisation"), "wrap"), *headings)
    for one, columns in zip(found.tallies, named, strict=True):
        place = speaker.called(one.organisation or said("all"))
        drawn.add_row(place, *(speaker.number(n) for _, n in columns))
    return drawn


def _columns(one: Tally, eligibility_alone: bool) -> list[tuple[Wording, int]]:
    changes = one.changes
    counted = [
        (said("Journeys"), one.journeys),
        (said("Judged"), one.judged),
        (said("Let in"), one.eligible),
        (said("Would be"), one.would_be),
        (said("In"), changes[Change.IN]),
        (said("Out"), changes[Change.OUT]),
    ]
    untold = [(said("Not told"), changes[Change.UNTOLD])]
    if eligibility_alone:
        return counted + untold
    moved = [(said("Sooner"), changes[Change.SOONER]), (said("Later"), changes[Change.LATER])]
    rest = [
        (said("Phases stopped"), one.phases_stopped),
        (said("Deadlines missed"), one.deadlines_missed),
        (said("Kept"), one.deadlines_kept),
    ]
    return counted + moved + untold + rest


def _cases(speaker: Speaker, cases: Iterable[Case], named: Mapping[str, str]) -> Table:
    texts = (said("Client"), said("Organisation"), said("What"))
    drawn = speaker.table(said("Journey"), *((one, "wrap") for one in texts))
    for case in cases:
        who = named.get(case.client) or case.client
        what = "; ".join(map(speaker.text, sentences(case)))
        drawn.add_row(case.journey, who, speaker.called(case.organisation), what)
    return drawn
