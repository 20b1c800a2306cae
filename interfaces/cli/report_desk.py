"""What commands make reports with, and the files and ids of reports that they are given."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from application.evaluation.refusals import NotAnswered
from domain.wording import Listed, counted, said, wording_of
from interfaces import bootstrap
from interfaces.cli.terminal import BadInput, progress

if TYPE_CHECKING:
    from application.evaluation.asking import Archive
    from application.evaluation.preparing import Desk
    from application.evaluation.report import Report
    from application.office import Office


@contextmanager
def open_desk(
    settings: Mapping[str, float], places: Mapping[str, str] | None = None
) -> Iterator["Desk"]:
    """Open what reports are made with, the archive caught up. Says plainly what is wrong.

    `places` says where files of indicators are now that were elsewhere.
    """
    with bootstrap.open_office(inline=False) as office, plainly_refused():
        yield bootstrap.report_desk(office, current_archive(office), settings, places)


def places_of(sets: Iterable[str], now: Sequence[str]) -> dict[str, str]:
    """Return where the files of indicators of a report are: where they were, or are said to be now.

    `now` names all of them in their order, or none. Raises BadInput.
    """
    files = bootstrap.files_among(sets)
    named = Listed(files) if files else said("none")
    if now and len(now) != len(files):
        raise BadInput(
            counted(
                "--indicators: the report has {n} file of indicators: {files}; give each of them",
                "--indicators: the report has {n} files of indicators: {files}; give each of them",
                len(files),
                files=named,
            )
        )
    found = dict(zip(files, now or files, strict=True))
    for then, place in found.items():
        if then == place and not Path(place).exists():
            raise BadInput(
                said("{file} is there no more: say by --indicators where it is now", file=place)
            )
    return found


@contextmanager
def plainly_refused() -> Iterator[None]:
    """Say what is asked that cannot be answered as bad input. Raises BadInput."""
    try:
        yield
    except NotAnswered as error:
        raise BadInput(wording_of(error)) from error


def current_archive(office: "Office") -> "Archive":
    """Return the archive, caught up with the log."""
    archive = bootstrap.open_archive(office)
    with progress("Bringing the archive up to date") as advance:
        archive.catch_up(on_progress=advance)
    return archive


def report_in(file: Path) -> "Report":
    """Return the report of a file. Raises BadInput."""
    from application.evaluation.kept_report import UnreadableReport, read_report

    try:
        return read_report(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _unread(file, _no_file(file)) from error
    except OSError as error:
        raise _unread(file, error.strerror) from error
    except UnicodeDecodeError as error:
        raise _unread(file, said("it is no text in UTF-8")) from error
    except UnreadableReport as error:
        raise _unread(file, wording_of(error)) from error


def _unread(file: Path, why: str | None) -> BadInput:
    return BadInput(said("{file} cannot be read: {why}", file=str(file), why=why))


def _no_file(file: Path) -> str:
    """Say that there is none, and what to do where an id was given: the log keeps no figures."""
    if len(file.parts) > 1 or file.suffix:
        return said("there is no such file")
    return said(
        "there is no such file; of a report that was issued give its file: the log keeps the "
        "digest of its figures alone"
    )


def settings_in(given: "Report") -> dict[str, float]:
    """Return the settings of indicators that a report was asked with."""
    settings: dict[str, float] = (given.asked or {}).get("settings", {})
    return settings
