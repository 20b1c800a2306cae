"""The one place where all is put together: what interfaces get from infrastructure.

Infrastructure is imported where it is needed, so that a command waits for no more than it uses.
Outside errors that a person can do something about become `Unusable`, a sentence saying what.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from threading import Event

    from application.audit.bundle import Bundle
    from application.audit.sampling import RootAt
    from application.erasing import Clear, Left
    from application.evaluation.asking import Archive
    from application.evaluation.issuing import Desk
    from application.evaluation.told_journeys import Asked as CasesAsked
    from application.evaluation.told_journeys import Case, Origin
    from application.evaluation.what_if import Tally
    from application.importing.report import Report
    from application.journeys import Office
    from application.programmes import Programmes
    from application.questions import SetAside, Views, ViewStatus
    from application.unusual import Thresholds
    from application.views.listing import Listing, Wanted
    from application.views.view import Rules
    from domain.calendar import IsWorkingDay
    from domain.definition import Definition
    from domain.faults import Fault
    from domain.wording import Tongue
    from infrastructure.archive import ParquetArchive
    from infrastructure.auditing import Given
    from infrastructure.keeping import KeepingThread
    from infrastructure.ledger_audit import Audited
    from infrastructure.projections import Projections
    from infrastructure.rebuilding import Rebuilt
    from infrastructure.settings import Settings
    from interfaces.http.context import Check, HttpSettings, Parts

HELPERS = 4
"""Processes that help at most to rebuild the views of a large log."""


class Unusable(Exception):
    """What Polku stands on cannot be used: a setting, the database. The message says what to do."""


class BadSetting(Unusable):
    """A setting has a value that Polku cannot use. The message names the variable."""


class UnusableInput(Exception):
    """A file or value that was given cannot be used. The message names it."""


class AuditAsked(NamedTuple):
    """What an audit is asked, as `infrastructure.auditing.Asked` has it."""

    checkpoints: Sequence[Path]
    keys: Sequence[str]
    since: int
    jobs: int
    state: Path | None


class NoDatabase(Unusable):
    """There is no database yet, or one without tables."""


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """How the database stands to the program.

    `database` is the URL without its password, `revision` that of its tables (None: there are
    none), `wanted` that of this program, `state` "current", "behind", "ahead" or "empty"; `said`
    is a sentence with what to do.
    """

    database: str
    revision: str | None
    wanted: str
    state: str
    said: str


def settings() -> Settings:
    """Return the settings of the environment. Raises BadSetting."""
    from infrastructure import settings as all_settings

    try:
        return all_settings.read_settings()
    except all_settings.BadSetting as error:
        raise BadSetting(str(error)) from error


def set_up_logging(given: Settings | None = None) -> None:
    """Write messages about Polku's own running as the settings say. Raises BadSetting."""
    given = given or settings()
    log_as(given.log_level, given.log_format)


def log_as(level: str, form: str) -> None:
    """Write messages from a level up ("debug" ...), for a person or a program ("json")."""
    from infrastructure import logging

    logging.set_up(level, "json" if form == "json" else "console")


def note_failure(error: BaseException) -> None:
    """Write where an unexpected error came from, for whoever looks for the fault in Polku."""
    import structlog

    with suppress(BadSetting):
        set_up_logging()
        structlog.get_logger().debug("command-failed", failure=error)


def database(given: Settings | None = None) -> str:
    """Return the URL of the database as it may be shown: without its password."""
    from sqlalchemy import make_url

    return make_url((given or settings()).database_url).render_as_string(hide_password=True)


def now() -> datetime:
    """Return the present instant (UTC) by the real clock."""
    from infrastructure.clock import utc_now

    return utc_now()


@contextmanager
def open_office(
    given: Settings | None = None,
    *,
    clock: Callable[[], datetime] | None = None,
    inline: bool = True,
) -> Iterator[Office]:
    """Open all that acts and questions need, on the database of the settings.

    `clock` gives the instants (aware) that entries are recorded at; by default the real one. Where
    much is written at once, `inline` is False and `catch_up` brings in the views afterwards.
    Raises BadSetting, NoDatabase or Unusable.
    """
    from application.journeys import Office
    from application.programmes import Programmes
    from application.views import VIEWS
    from application.views.inline import Inline
    from infrastructure.clock import utc_now
    from infrastructure.event_log import open_log

    given = given or settings()
    views = VIEWS if inline else ()
    with (
        _plainly(given),
        open_log(
            given.database_url,
            clock=clock or utc_now,
            views=views,
            masters=given.master_keys,
        ) as log,
    ):
        log.keys.check()
        programmes = Programmes(log, read_definition)
        drafting = Inline(VIEWS, _rules(programmes)) if inline else None
        office = Office(log, programmes, working_days, drafting)
        log.keys.when_destroyed(office.forget)
        if inline:
            projections_of(office).begin_if_allowed()
        yield office


def journeys_of_clients(office: Office) -> Callable[[str], Iterable[str]]:
    """Return a look-up of the ids of a client's journeys, as the log has them now."""
    from infrastructure.keeping import bring_up_to_date
    from infrastructure.view_queries import ViewQueries

    projections = projections_of(office)
    views = ViewQueries(projections)

    def journeys_of(client: str) -> list[str]:
        bring_up_to_date(projections)
        return [row.owner for row in views.journeys_of(client)]

    return journeys_of


def keys_left(office: Office) -> Left:
    """Return what tells whether keys of streams are not destroyed, as the database has it now."""
    log: Any = office.log
    left: Left = log.keys.left
    return left


def kinds_left(office: Office) -> Callable[[Sequence[str]], frozenset[str]]:
    """Return what tells of which kinds streams have a key that is not destroyed."""
    log: Any = office.log
    left: Callable[[Sequence[str]], frozenset[str]] = log.keys.kinds_left
    return left


def clearing(office: Office) -> Clear:
    """Return what clears the files after keys were destroyed."""
    from functools import partial

    from infrastructure.clearing import clear

    return partial(clear, projections_of(office))


def rotate_master_key(office: Office, on_progress: Callable[[int, int], None]) -> tuple[str, int]:
    """Wrap the keys of personal data by the newest master key; return its id, and how many."""
    log: Any = office.log
    to_do, done = log.keys.to_wrap_anew(), 0
    while wrapped := log.keys.wrap_anew():
        done += wrapped
        on_progress(done, max(to_do, done))
    return log.keys.masters.newest, done


def _rules(programmes: Programmes) -> Rules:
    from application.views.view import Rules

    return Rules(programmes.definition, working_days)


def open_archive(office: Office, given: Settings | None = None) -> ParquetArchive:
    """Return the archive of an office's log, as far as it was written.

    Raises BadSetting, or Unusable where it is damaged or of another log.
    """
    from infrastructure.archive import ParquetArchive

    log: Any = office.log
    given = given or settings()
    with _archive_plainly(given):
        return ParquetArchive(given.archive_folder, log.database, names=log.names)


def export_archive(
    office: Office, place: Path, on_progress: Callable[[int, int], None]
) -> tuple[int, str | None]:
    """Bring the archive up to date and copy it; return its position and the ledger's root (hex).

    Raises BadSetting, UnusableInput or Unusable.
    """
    from infrastructure.archive import FolderTaken

    archive = open_archive(office)
    try:
        with _archive_plainly(settings()):
            archive.catch_up(on_progress=on_progress)
            position = archive.copy_to(place)
    except FolderTaken as error:
        raise UnusableInput(str(error)) from error
    return position, archive.root.hex() if archive.root else None


@contextmanager
def _archive_plainly(given: Settings) -> Iterator[None]:
    """Say what is wrong with the archive, or with its folder, in a sentence."""
    from infrastructure.archive_folder import DamagedArchive
    from infrastructure.archive_log import AnotherLog

    try:
        yield
    except DamagedArchive as error:
        raise Unusable(
            f"the archive is damaged: {error}; remove {given.archive_folder}, "
            "and it is written anew from the log"
        ) from error
    except AnotherLog as error:
        raise Unusable(str(error)) from error
    except OSError as error:
        raise Unusable(f"the archive {given.archive_folder} cannot be used: {error}") from error


def ledger_root(office: Office) -> RootAt:
    """Return what tells the root (hex) of the log's ledger at a position."""
    from infrastructure.ledger_tree import StoredTree

    log: Any = office.log
    tree = StoredTree(log.database)
    return lambda position: tree.root(position).hex()


def origin_of(office: Office, asked: CasesAsked) -> Origin:
    """Return the log as it is now, to say where what is told of it comes from."""
    from application.evaluation.told_journeys import Origin

    log: Any = office.log
    position = log.position()
    root = ledger_root(office)(position) if position else None
    return Origin(settings().ledger_origin, position, root or "", asked, log.names.shape_of)


def whole_journeys(
    office: Office, until: int, on_progress: Callable[[int, int], None]
) -> Iterator[Case]:
    """Yield every journey as the log has it up to a position, pseudonymous: nothing is opened."""
    from infrastructure.whole_streams import cases

    log: Any = office.log
    return cases(log, until, on_progress)


def projections_of(office: Office) -> Projections:
    """Return the views of an office's log, to keep them and to ask where they stand."""
    from application.programmes import Programmes
    from application.views import VIEWS
    from infrastructure.projections import Projections

    log: Any = office.log
    rules = _rules(Programmes(log, read_definition))
    return Projections(log, VIEWS, rules, helpers=HELPERS)


def usual(given: Settings | None = None) -> Thresholds:
    """Return what is usual of readings, as the settings say."""
    from application.unusual import Thresholds

    given = given or settings()
    return Thresholds(
        begins=given.unusual_begins,
        ends=given.unusual_ends,
        clients=given.unusual_clients,
        minutes=given.unusual_minutes,
        time_zone=given.unusual_time_zone,
    )


def views_of(office: Office) -> Views:
    """Return what answers questions that cross streams."""
    from infrastructure.view_queries import ViewQueries

    return ViewQueries(projections_of(office))


def tongue(language: str) -> Tongue:
    """Return how a language ("en", "fi", "it") says things."""
    from infrastructure.translations import translations

    return translations(language)


@contextmanager
def keep_views(office: Office) -> Iterator[KeepingThread]:
    """Keep the views in a thread of this process: those that no other process keeps."""
    from infrastructure.keeping import KeepingThread

    thread = KeepingThread(projections_of(office))
    thread.start()
    try:
        yield thread
    finally:
        thread.stop()


def catch_up(office: Office, on_progress: Callable[[int, int], None]) -> None:
    """Bring the views to where the log is now, or wait for whoever keeps them."""
    from infrastructure.keeping import bring_up_to_date

    bring_up_to_date(projections_of(office), on_progress)


def list_journeys(
    office: Office, wanted: Wanted, on_progress: Callable[[int, int], None]
) -> Listing:
    """Return the list of journeys as the log has them now.

    Where the database may only be read, it is as the views stand.
    """
    from infrastructure.case_listing import listing
    from infrastructure.keeping import bring_up_to_date

    projections = projections_of(office)
    bring_up_to_date(projections, on_progress)
    return listing(projections, wanted)


@contextmanager
def open_projections(given: Settings | None = None) -> Iterator[Projections]:
    """Open the views of the database of the settings. Raises BadSetting, NoDatabase or Unusable."""
    with open_office(given, inline=False) as office:
        yield projections_of(office)


def view_statuses(projections: Projections) -> tuple[list[ViewStatus], list[SetAside]]:
    """Return how each view stands, and what they set aside."""
    from infrastructure import view_standing

    return view_standing.statuses(projections), view_standing.set_aside(projections)


def follow_log(
    projections: Projections,
    stop: Event,
    *,
    once: bool,
    on_progress: Callable[[int, int], None],
) -> bool:
    """Keep the views until `stop` is set, or `once` only until they are where the log is now.

    Return whether they came there.
    """
    from infrastructure.keeping import Keeping

    keeping = Keeping(projections, stop)
    if once:
        return keeping.catch_up(on_progress)
    keeping.run()
    return True


def rebuild_views(
    projections: Projections,
    names: Sequence[str],
    stop: Event,
    on_progress: Callable[[int, int], None],
) -> list[Rebuilt]:
    """Rebuild views beside the live ones, compare and switch.

    Raises Unusable where another process rebuilds one, or where `stop` was set.
    """
    from infrastructure.rebuilding import BeingRebuilt, Cancelled, Rebuild

    views = [projections.views[name] for name in names]
    try:
        return Rebuild(projections, views, stop=stop, on_progress=on_progress).run()
    except BeingRebuilt as error:
        raise Unusable(str(error)) from error
    except Cancelled as error:
        raise Unusable("the rebuild was stopped; the views are as they were") from error


def bundle_journey(
    office: Office, journey: str, given: Settings | None = None, language: str = "en"
) -> Bundle:
    """Return a journey with its proofs in one file, which was verified as anybody would verify it.

    Its checkpoint is given out and kept as that of `give_out_checkpoint`. Raises BadSetting,
    Unusable where something is not proven, and as `application.audit.bundle.bundle`.
    """
    from application.audit.bundle import bundle
    from infrastructure import settings as all_settings
    from infrastructure.auditing import log_keys
    from infrastructure.checkpoints import NoCheckpoint, issue
    from infrastructure.ledger_proofs import BrokenLedger, StoredLedger
    from interfaces.cli import verify_bundle

    log: Any = office.log
    script = Path(verify_bundle.__file__).read_text(encoding="utf-8")
    try:
        keys = log_keys(given or settings())
        ledger = StoredLedger(
            log.database, lambda: issue(log.database, keys.origin, keys.signers, now())
        )
        made = bundle(office, ledger, keys, journey, script, tongue(language))
        verify_bundle.verify(made.data, verify_bundle.read_keys(" ".join(made.keys)))
    except all_settings.BadSetting as error:
        raise BadSetting(str(error)) from error
    except (BrokenLedger, NoCheckpoint) as error:
        raise Unusable(str(error)) from error
    except verify_bundle.Fault as error:
        raise Unusable(f"no bundle was made: {error}; `polku audit verify` says more") from error
    return made


def bundling(office: Office, given: Settings) -> Callable[[str, str], Bundle]:
    """Return what makes bundles for the API, as `bundle_journey`; it raises NotProven instead."""
    from application.audit.bundle import NotProven

    def made(journey: str, language: str) -> Bundle:
        try:
            return bundle_journey(office, journey, given, language)
        except (BadSetting, Unusable) as error:
            raise NotProven(str(error)) from error

    return made


def give_out_checkpoint() -> Given:
    """Sign a checkpoint of the log as it is now, and keep it.

    Raises BadSetting, NoDatabase or Unusable.
    """
    from infrastructure import auditing, checkpoints
    from infrastructure import settings as all_settings

    given = settings()
    try:
        with _plainly(given):
            return auditing.give_out(given, now())
    except all_settings.BadSetting as error:
        raise BadSetting(str(error)) from error
    except checkpoints.NoCheckpoint as error:
        raise Unusable(str(error)) from error


def copy_to_witness(note: str) -> str | None:
    """Copy a checkpoint to the witness of the settings, and return which that is, if any.

    Raises Unusable where the witness has not got it.
    """
    from infrastructure.checkpoints import WitnessFailed, copy_to_witness

    witness = settings().ledger_witness
    if witness is not None:
        try:
            copy_to_witness(witness, note)
        except WitnessFailed as error:
            raise Unusable(str(error)) from error
    return witness


def audit_log(asked: AuditAsked, on_progress: Callable[[int, int], None]) -> Audited:
    """Recompute the log from its rows, and hold it against its ledger and checkpoints.

    Raises UnusableInput for a file or a key, BadSetting, NoDatabase or Unusable.
    """
    from infrastructure import auditing
    from infrastructure import settings as all_settings
    from infrastructure.notes import BadNote

    given = settings()
    try:
        with _plainly(given):
            return auditing.audit(given, auditing.Asked(*asked), on_progress)
    except all_settings.BadSetting as error:
        raise BadSetting(str(error)) from error
    except (auditing.UnusableFile, BadNote) as error:
        raise UnusableInput(str(error)) from error


def http_settings(given: Settings) -> HttpSettings:
    """Return how the service is run, as the settings say."""
    from interfaces.http.context import HttpSettings

    return HttpSettings(
        body_bytes=given.body_bytes,
        requests_per_minute=given.requests_per_minute,
        burst=given.burst,
        threads=given.threads,
        tls=given.tls,
    )


@contextmanager
def open_service(
    given: Settings, *, clock: Callable[[], datetime] | None = None
) -> Iterator[Parts]:
    """Open all that the API is made of, with its views kept and its readings recorded meanwhile.

    What is read only once is read before it is open: no question has to wait for it. `clock` gives
    the instants that entries are recorded at. Raises NoDatabase or Unusable.
    """
    from application.organisations import organisations_of
    from application.partners import Partners
    from infrastructure.access_spool import AccessSpool
    from infrastructure.translations import translations
    from infrastructure.view_queries import ViewQueries
    from interfaces.http.context import Parts
    from interfaces.http.identity import identifier

    with (
        open_office(given, clock=clock) as office,
        AccessSpool(office.log, given.readings_folder) as spool,
        keep_views(office) as keeping,
    ):
        _read_beforehand(office)
        organisations = organisations_of(office.log)
        views = ViewQueries(projections_of(office))
        partners = Partners(organisations, time.monotonic)
        identify = identifier(given, partners.of, partners.remembered)
        yield Parts(
            office=office,
            organisations=organisations,
            views=views,
            accesses=spool,
            identify=identify,
            translations=translations,
            working=lambda: keeping.works,
            checks=lambda: _checks(given, office.log, views, keeping),
            recognise=identify.at_once,
            root_at=ledger_root(office),
            usual=usual(given),
            left=keys_left(office),
            clear=clearing(office),
            bundle=bundling(office, given),
        )


def _read_beforehand(office: Office) -> None:
    """Read the definitions, the languages, and the holidays of the years that are mostly asked."""
    from infrastructure.translations import LANGUAGES, translations
    from infrastructure.working_days import read_holidays

    office.programmes.read_all()
    for language in LANGUAGES:
        translations(language)
    this_year = office.log.now().year
    read_holidays(range(this_year - 1, this_year + 2))


def _checks(given: Settings, log: Any, views: Views, keeping: KeepingThread) -> list[Check]:
    from infrastructure import readiness
    from interfaces.http.context import Check

    looks = {
        "database": lambda: readiness.database(log),
        "migrations": lambda: readiness.migrations(log),
        "projections": lambda: readiness.projections(views, keeping, given.ready_lag_seconds),
        "access-spool": lambda: readiness.access_spool(given.readings_folder),
    }
    found = readiness.looked_at(looks)
    return [Check(part, not said, said) for part, said in found.items()]


def upgrade(
    given: Settings | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> DatabaseStatus:
    """Make the tables, or bring them up to date. Raises BadSetting or Unusable."""
    from infrastructure import schema

    given = given or settings()
    with _plainly(given):
        status = schema.upgrade_url(given.database_url, on_progress)
    return _status(given, status)


def status(given: Settings | None = None) -> DatabaseStatus:
    """Say how the database stands. Raises BadSetting or Unusable."""
    from infrastructure import schema

    given = given or settings()
    with _plainly(given):
        found = schema.status(given.database_url)
    return _status(given, found)


def _status(given: Settings, found: Any) -> DatabaseStatus:
    url = database(given)
    return DatabaseStatus(url, found.current, found.head, found.state.value, _said(found, url))


def _said(found: Any, url: str) -> str:
    from infrastructure.schema import SchemaOutOfStep

    return str(SchemaOutOfStep(found, url))


@contextmanager
def _plainly(given: Settings) -> Iterator[None]:
    """Say what is wrong with the database in a sentence."""
    from sqlalchemy.exc import DBAPIError

    from infrastructure import schema
    from infrastructure.ledger import LedgerOutOfStep
    from infrastructure.master_keys import UnusableMasterKey

    try:
        yield
    except (LedgerOutOfStep, UnusableMasterKey) as error:
        raise Unusable(str(error)) from error
    except schema.SchemaOutOfStep as error:
        said = _said(error.status, database(given))
        if error.status.state is schema.State.EMPTY:
            raise NoDatabase(f"{said}, or `polku demo` for clients to play with") from error
        raise Unusable(said) from error
    except DBAPIError as error:
        raise Unusable(_unreachable(given, error.orig)) from error
    except Exception as error:
        if _is_of_entry(error):
            raise Unusable(_unreadable(given, error)) from error
        if not _is_of_driver(error):
            raise
        raise Unusable(_unreachable(given, error)) from error


def is_of_database(error: Exception) -> bool:
    """Whether an error came from the database, or from the way to it, and not from Polku."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as NoConnection

    return isinstance(error, DBAPIError | NoConnection) or _is_of_driver(error)


def _is_of_driver(error: Exception) -> bool:
    """Whether a database's driver raised it: the log works with the drivers directly."""
    kinds = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(error).__mro__}
    return bool(kinds & {("sqlite3", "DatabaseError"), ("psycopg", "Error")})


def _is_of_entry(error: Exception) -> bool:
    """Whether an entry of the log raised it, which this program does not know or cannot read."""
    from infrastructure.event_names import UnknownEvent, UnreadableEvent

    return isinstance(error, UnknownEvent | UnreadableEvent)


def _unreadable(given: Settings, error: BaseException) -> str:
    return (
        f"the database {database(given)} holds an entry that this program cannot read ({error}); "
        "a newer Polku may have written it: bring this one up to date"
    )


def _unreachable(given: Settings, error: BaseException | None) -> str:
    said = " ".join(str(error).split())
    return f"the database {database(given)} cannot be used: {said}; check POLKU_DATABASE_URL"


def check_definition(file: Path) -> list[Fault]:
    """Return every fault of a definition file; none: it is good."""
    from infrastructure.definitions import check

    return check(file)


def check_indicators(file: Path) -> list[Fault]:
    """Return every fault of a file of indicators, its SQL tried; none: it is good."""
    from infrastructure.indicator_trials import check

    return check(file)


def report_desk(office: Office, archive: Archive, settings: Mapping[str, float]) -> Desk:
    """Return what reports are made with; `settings` take the place of those of the indicators."""
    from importlib.metadata import version

    from application.evaluation.issuing import Desk
    from infrastructure.indicators import read_set

    root_at = ledger_root(office)
    return Desk(
        office=office,
        archive=archive,
        read_set=lambda name, language: read_set(name, language, settings),
        root_at=lambda position: root_at(position) or "",
        polku_version=version("polku"),
    )


def shipped_definitions() -> dict[str, str]:
    """Return the texts of the definitions that come with Polku, by the programme's code."""
    from infrastructure.definitions import shipped_definitions

    return shipped_definitions()


def read_definition(text: str, origin: str) -> Definition:
    """Return the definition that a text describes; `origin` names it in faults.

    Raises DefinitionFaults.
    """
    from infrastructure.definitions import load_definition

    return load_definition(text, origin)


def definition_in(file: Path) -> Definition:
    """Return the definition of a file. Raises DefinitionFaults: file, line and field of each."""
    from infrastructure.definitions import definition_text, load_definition

    return load_definition(definition_text(file), str(file))


def judge_all_again(
    office: Office, definition: str, since: date, on_progress: Callable[[int, int], None]
) -> tuple[int, tuple[Tally, ...]]:
    """Judge all journeys by a definition's text, in several processes where there are many.

    Return up to which position of the log, and the tallies.
    """
    from infrastructure.eligibility_replay import judge_all

    log: Any = office.log
    return judge_all(log, definition, since, on_progress)


def working_days(country: str) -> IsWorkingDay:
    """Return what says whether a day is a working day in the country (ISO 3166-1).

    Raises ValueError for a country whose holidays are not known.
    """
    from infrastructure.working_days import working_days_of

    return working_days_of(country)


def bring_in(
    mapping: str,
    source: Path,
    *,
    source_name: str | None,
    atomic: Literal["all", "journey"],
    dry_run: bool,
    on_progress: Callable[[int, int], None],
) -> Report:
    """Bring the histories of a source into the log, by a mapping's name or path.

    Raises NoMapping, MappingFaults, UnusableSource, ImportStopped, NoDatabase or Unusable.
    """
    from application.importing.bringing import bring_in
    from infrastructure.mapping_files import read_mapping
    from infrastructure.tables import read_tables

    given = settings()
    read = read_mapping(mapping, source=source_name)
    tables = read_tables(source, read)
    with open_office(given, inline=False) as office:
        log = office.log
        report = bring_in(
            log, read, tables, atomic=atomic, dry_run=dry_run, on_progress=on_progress
        )
        if not dry_run:
            catch_up(office, on_progress)
        return report
