"""What evaluators work with: the archive, reports, whole journeys, the jobs of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interfaces.bootstrap.archive import open_archive
from interfaces.bootstrap.audit import ledger_root
from interfaces.bootstrap.running import settings
from interfaces.bootstrap.unusable import Unusable, UnusableInput

if TYPE_CHECKING:
    from application.evaluation.asking import Archive, Moment
    from application.evaluation.preparing import Desk
    from application.evaluation.reading import JourneysOf
    from application.evaluation.told_journeys import Case, Origin
    from application.office import Office
    from domain.definition import Title
    from infrastructure.settings import Settings
    from interfaces.evaluating import Evaluating


def export_archive(
    office: Office,
    place: Path,
    on_progress: Callable[[int, int], None],
    given: Settings | None = None,
) -> tuple[int, str | None]:
    """Bring the archive up to date and copy it; return its position and the ledger's root (hex).

    Progress counts entries that are taken in, then files that are copied. Raises BadSetting,
    UnusableInput or Unusable.
    """
    from infrastructure.archive import NotCopied
    from interfaces.exports.files import (
        FolderTaken,
        NotWritten,
        check_free_folder,
        write_whole_folder,
    )

    archive = open_archive(office, given or settings())
    try:
        check_free_folder(place)
        archive.catch_up(on_progress=on_progress)
        write_whole_folder(place, lambda part: archive.copy_to(part, on_progress))
    except FolderTaken as error:
        raise UnusableInput(str(error)) from error
    except NotWritten as error:
        raise Unusable(str(error)) from error
    except NotCopied as error:
        raise Unusable(f"{place} cannot be written: {error}") from error
    return archive.position, archive.root.hex() if archive.root else None


def archived_journeys(office: Office, given: Settings | None = None) -> JourneysOf | None:
    """Return what tells, by the archive, which journeys a programme has; None where none is set.

    The archive takes in what the log has recorded since first.
    """
    told = given or settings()
    if told.archive is None:
        return None

    def journeys_of(programme: str, moment: Moment) -> list[str]:
        archive = open_archive(office, told)
        archive.catch_up()
        with archive.at(moment) as asked:
            sql = "SELECT journey FROM journeys WHERE programme = ? ORDER BY journey"
            return [journey for (journey,) in asked.ask(sql, (programme,)).rows]

    return journeys_of


def origin_of(
    office: Office, programme: str | None, moment: Moment, given: Settings | None = None
) -> Origin:
    """Return the log as it is now, to say where what is told of a programme (None: all) is from."""
    from application.evaluation.told_journeys import Origin

    log: Any = office.log
    position = log.position()
    root = ledger_root(office)(position) if position else None
    named = (given or settings()).ledger_origin
    return Origin(named, position, root or "", programme, moment, log.names.shape_of)


def whole_journeys(
    office: Office, until: int, on_progress: Callable[[int, int], None]
) -> Iterator[Case]:
    """Yield every journey as the log has it up to a position, pseudonymous: nothing is opened."""
    from infrastructure.whole_streams import cases

    log: Any = office.log
    return cases(log, until, on_progress)


def files_among(sets: Iterable[str]) -> tuple[str, ...]:
    """Return which sets of indicators are files of somebody's own."""
    from application.evaluation.preparing import OF_PROGRAMME
    from infrastructure.indicators import shipped_indicators

    usual = {OF_PROGRAMME, *shipped_indicators()}
    return tuple(name for name in sets if name not in usual)


def report_desk(
    office: Office,
    archive: Archive,
    settings: Mapping[str, float],
    places: Mapping[str, str] | None = None,
) -> Desk:
    """Return what reports are made with; `settings` take the place of those of the indicators.

    `places` says where files of indicators are now that were elsewhere.
    """
    from importlib.metadata import version

    from application.evaluation.preparing import Desk
    from infrastructure.indicators import read_set

    root_at = ledger_root(office)
    return Desk(
        office=office,
        archive=archive,
        read_set=lambda name, language: read_set(
            (places or {}).get(name, name), language, settings
        ),
        root_at=lambda position: root_at(position) or "",
        polku_version=version("polku"),
    )


@contextmanager
def open_evaluating(office: Office, given: Settings, **options: Any) -> Iterator[Evaluating]:
    """Open what the API makes reports, replays and exports with; `options` are those of its jobs.

    Jobs that are not done by the end are broken off.
    """
    from infrastructure.indicators import read_set, shipped_indicators
    from infrastructure.jobs import FolderJobs
    from interfaces.evaluating import Evaluating

    sets = tuple(shipped_indicators())

    def texts(names: Iterable[str], language: str) -> list[Title]:
        return [one for name in names if name in sets for one in read_set(name, language, {}).texts]

    with FolderJobs(given.jobs_folder, office.log.now, **options) as jobs:
        yield Evaluating(
            jobs=jobs,
            archive=lambda: open_archive(office, given),
            sets=sets,
            texts=texts,
            desk=lambda archive, settings: report_desk(office, archive, settings),
            origin=lambda programme, moment: origin_of(office, programme, moment, given),
            journeys_of=archived_journeys(office, given),
            journeys=lambda until, on_progress: whole_journeys(office, until, on_progress),
            copy=lambda place, on_progress: export_archive(office, place, on_progress, given),
        )
