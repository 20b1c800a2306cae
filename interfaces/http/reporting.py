"""What is asked of reports over HTTP: which figures, by whom, and with what they are made."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from application.evaluation.asking import Archive, Moment, Opened, Rows
from application.evaluation.naming import Names, names_of
from application.evaluation.preparing import DEFAULT_THRESHOLD, OF_PROGRAMME, Desk, Question
from application.evaluation.report import Report
from application.jobs import Doing
from application.scope import Role
from domain.refusals import InvalidField
from domain.wording import Listed, said
from interfaces.evaluating import Evaluating
from interfaces.http.context import Here
from interfaces.http.jobs import OfProgramme
from interfaces.http.reading import Id

Column = Annotated[str, Field(max_length=100, pattern="^[a-z_]+$")]
Columns = Annotated[str, Field(max_length=200, pattern=r"^[a-z_]+(\*[a-z_]+)*$")]
SetName = Annotated[str, Field(max_length=100, pattern="^[a-z][a-z0-9-]*$")]
SettingName = Annotated[str, Field(max_length=100, pattern="^[a-z][a-z0-9_]*$")]
Setting = Annotated[float, Field(strict=True, ge=-1e9, le=1e9, allow_inf_nan=False)]
Threshold = Annotated[int, Field(strict=True, ge=0, le=1000)]
ReportId = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


class FiguresAsked(OfProgramme):
    """Which figures of a programme are wanted, and at which moment."""

    programme: Id
    """The code of the programme."""
    sets: Annotated[tuple[SetName, ...], Field(min_length=1, max_length=5)] = (OF_PROGRAMME,)
    """Whose indicators are meant: `programme` for those of its own definition, or the name of a set
    that comes with Polku, as esf-plus."""
    indicators: Annotated[tuple[Id, ...], Field(max_length=200)] = ()
    """Only these, by their ids; none: all of them."""
    by: Annotated[tuple[Columns, ...], Field(max_length=10)] = ()
    """Break all down by this column of the archive, or by a pair as gender*organisation, too."""
    settings: Annotated[dict[SettingName, Setting], Field(max_length=20)] = Field(
        default_factory=dict, examples=[{"long_term_months": 12, "long_term_months_young": 6}]
    )
    """Other values for settings of a set, by their names; esf-plus has long_term_months (longer is
    long-term unemployment), and for who is younger than young_until long_term_months_young."""
    threshold: Threshold = DEFAULT_THRESHOLD
    """Groups of fewer are not shown, nor what would tell them; 0 shows all, to those who may see
    the journeys themselves."""

    def question(self, here: Here) -> Question:
        """Return the question as a report answers it. Raises Problem for an unknown programme."""
        return Question(
            programme=self.programme,
            as_at=self.as_at,
            known_at=self.known(here, self.programme),
            indicators=self.indicators,
            by=tuple(tuple(one.split("*")) for one in self.by),
            sets=self.sets,
            settings=self.settings,
            threshold=self.threshold,
        )


def check_sets(evaluating: Evaluating, sets: Iterable[str], field: str = "sets") -> None:
    """Raise InvalidField for a set that does not come with Polku: no file is read for a caller."""
    known = (OF_PROGRAMME, *evaluating.sets)
    if strange := [name for name in sets if name not in known]:
        none = said(
            "there is no set {name}; there are: {known}", name=strange[0], known=Listed(known)
        )
        raise InvalidField(field, none)


def check_threshold(here: Here, threshold: int, field: str = "threshold") -> None:
    """Raise InvalidField where somebody who sees no journeys asks for smaller groups."""
    if here.scope.role is Role.EVALUATOR and threshold < DEFAULT_THRESHOLD:
        least = said(
            "a group of fewer than {least} may tell who is in it: ask for {least} or more",
            least=DEFAULT_THRESHOLD,
        )
        raise InvalidField(field, least)


def desk_of(evaluating: Evaluating, question: Question, doing: Doing) -> Desk:
    """Return what a job makes reports with, the archive caught up.

    Raises Cancelled.
    """
    archive = evaluating.archive()
    steps = doing if isinstance(doing, Steps) else Steps(doing)
    archive.catch_up(on_progress=steps.progress)
    return evaluating.desk(WatchedArchive(archive, steps), question.settings)


class Steps:
    """How far a job said that it is, which is said again each time that the archive is asked."""

    def __init__(self, of: Doing) -> None:
        self._of = of
        self._said: tuple[int, int] | None = None

    @property
    def folder(self) -> Path:
        """The folder of the job."""
        return self._of.folder

    def progress(self, done: int, all_: int) -> None:
        """Say how far it is. Raises Cancelled where nobody waits for it any more."""
        self._said = (done, all_)
        self._of.progress(done, all_)

    def look(self, position: int) -> None:
        """Raise Cancelled where nobody waits for it any more; the archive is at the position."""
        self._of.progress(*(self._said or (position, position)))


@dataclass(frozen=True, slots=True)
class WatchedArchive:
    """An archive that is asked no more once the job is broken off."""

    of: Archive
    doing: Steps

    @property
    def position(self) -> int:
        """Return the position of the last entry that it holds."""
        return self.of.position

    @property
    def root(self) -> bytes | None:
        """Return the ledger's root there."""
        return self.of.root

    def catch_up(self, *given: Any, **more: Any) -> int:
        """Take in what the log has recorded since."""
        return self.of.catch_up(*given, **more)

    @contextmanager
    def at(self, moment: Moment) -> Iterator[Opened]:
        """Open it as of a moment."""
        with self.of.at(moment) as asked:
            yield _Watched(asked, self.doing, self.position)


@dataclass(frozen=True, slots=True)
class _Watched:
    of: Opened
    doing: Steps
    position: int

    def ask(self, sql: str, parameters: Any = ()) -> Rows:
        """Return what a SELECT gives. Raises Cancelled once nobody waits for it."""
        self.doing.look(self.position)
        return self.of.ask(sql, parameters)

    def expect(self, *texts: str) -> None:
        """Hear of SQL that is asked later."""
        self.of.expect(*texts)

    def leave_out(self, positions: frozenset[int]) -> None:
        """Let the entries at these positions of the log count no more, and only these."""
        self.of.leave_out(positions)


def names_in(here: Here, made: Report) -> Names:
    """Return what the groups of a report are called, and what it says in other languages."""
    evaluating, sets = here.parts.evaluating, (made.asked or {}).get("sets", ())
    texts = evaluating.texts(sets, made.title.language) if evaluating else ()
    return names_of(here.office, made, texts)
