"""The command `polku`."""

import gc
import os
import sys
from collections.abc import Sequence

from interfaces.cli.ending import end_well, status_of
from interfaces.cli.streams import AnswerLost, leave_unheard, say, settle

DONE, REFUSED, BAD, INTERRUPTED = 0, 1, 2, 130
"""How the program ends: done; not done, or its answer not read or written; what was given, or where
its answer goes, cannot be used; or stopped by a person. A signal that ends it says so: 143, 129."""

MUCH_THAT_STAYS = (300_000, 50, 100)
"""When to look for garbage: a log that is read stays, and to look through it all the time costs as
much again as reading it. What a command imports stays as well, and is half as much as the first."""

NO_PLUGINS = ("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""The variable by which pydantic does not look through all installed packages for plugins of it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments (by default the process's) ask for.

    Return 0 where it did what was asked, 1 where it was refused or found faults, 2 where what was
    given cannot be used. What is wrong is one sentence on stderr.
    """
    if arguments is not None:
        return _run(list(arguments))
    try:
        _settle()
    except AnswerLost as error:
        return say(str(error), BAD)
    try:
        code = _run(sys.argv[1:])
        return status_of(code) if code == INTERRUPTED else code
    finally:
        gc.freeze()  # it all goes with the process: Python would look for garbage in it first


def _run(arguments: Sequence[str]) -> int:
    try:
        from interfaces.cli.program import app_for  # whoever stops it here sees no trace either

        code = app_for(arguments)(arguments, prog_name="polku", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `| head`
        leave_unheard()
        return REFUSED
    except AnswerLost as error:
        leave_unheard()
        return say(str(error), REFUSED)
    except Exception as error:  # noqa: BLE001 - whatever it is, a person reads one sentence
        from interfaces.cli.explaining import explain

        return explain(error)
    return code if isinstance(code, int) else DONE


def _settle() -> None:
    """Make the process fit for a command: for much data, and for a terminal of few letters."""
    gc.set_threshold(*MUCH_THAT_STAYS)
    os.environ.setdefault(*NO_PLUGINS)
    settle()
    end_well()
