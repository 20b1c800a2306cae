"""What is wrong, in one sentence on stderr, and how the program ends with it."""

import os
from errno import EDQUOT, EFBIG, ENOSPC

import typer

from application.importing.bringing import ImportStopped
from application.importing.language import MappingFaults, NoMapping
from application.importing.tables import UnusableSource
from application.journeys import UnknownJourney
from application.ports import KeyReused, NotNoted, VersionConflict
from application.programmes import NotPublished
from domain.faults import DefinitionFaults
from domain.refusals import IllegalTransition, InvalidField
from interfaces import bootstrap
from interfaces.cli import BAD, INTERRUPTED, REFUSED
from interfaces.cli.streams import say
from interfaces.cli.terminal import BadInput, Refused

NO_ROOM = frozenset({ENOSPC, EDQUOT, EFBIG})
"""Why a file cannot grow."""

QUERY_STOPPED = "Query interrupted"
"""What DuckDB says, in a RuntimeError, where a person stops the program while it answers."""

_BAD = (
    BadInput,
    bootstrap.BadSetting,
    bootstrap.UnusableInput,
    UnknownJourney,
    NotPublished,
    InvalidField,
    MappingFaults,
    NoMapping,
    UnusableSource,
)
"""What was given cannot be used."""

_REFUSED = (
    Refused,
    bootstrap.Unusable,
    IllegalTransition,
    VersionConflict,
    KeyReused,
    NotNoted,
    DefinitionFaults,
    ImportStopped,
)
"""What was asked was not done."""


def explain(error: Exception) -> int:
    """Say what is wrong and what to do, without a traceback; return how the program ends."""
    if isinstance(error, typer.Abort) or str(error) == QUERY_STOPPED:
        return INTERRUPTED
    if isinstance(error, typer.TyperException):
        return _explain_usage(error)
    if isinstance(error, _BAD):
        return say(str(error), BAD)
    if isinstance(error, _REFUSED):
        return say(str(error), REFUSED)
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        held = error.object[error.start : error.end]
        return say(f"what was given holds {held!a}, which is no text: write it in UTF-8", BAD)
    bootstrap.note_failure(error)
    return say(_unforeseen(error), REFUSED)


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return _of_a_file(error)
    what = f"{type(error).__name__}: {error}".removesuffix(": ")
    return f"this went wrong unexpectedly ({what}); POLKU_LOG_LEVEL=debug shows where"


def _of_a_file(error: OSError) -> str:
    """Say what the machine could not do, and with which file where that is known."""
    named = error.filename if isinstance(error.filename, str | os.PathLike) else None
    which = f"{os.fspath(named)} cannot be used" if named else "a file cannot be read or written"
    room = "; make room for it, and ask again" if error.errno in NO_ROOM else ""
    return f"{which}: {error.strerror}{room}"


def _explain_usage(error: typer.TyperException) -> int:
    said = " ".join(error.format_message().replace(": Value error, ", ": ").split())
    if type(error).__name__ == "NoArgsIsHelpError":
        return BAD  # the help has been printed
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "polku"
    return say(f"{said.rstrip('.')}; see `{where} --help`", BAD)
