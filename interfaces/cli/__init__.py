"""The command `polku`."""

import gc
import io
import os
import sys
from collections.abc import Sequence

DONE, UNHEARD, INTERRUPTED = 0, 1, 130
"""How the program ends where nothing is wrong: done, nobody reads on, or stopped by a person."""

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
    _settle()
    try:
        return _run(sys.argv[1:])
    finally:
        gc.freeze()  # it all goes with the process: Python would look for garbage in it first


def _run(arguments: Sequence[str]) -> int:
    try:
        from interfaces.cli.program import app_for  # whoever stops it here sees no trace either

        code = app_for(arguments)(arguments, prog_name="polku", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _unheard()
    except Exception as error:  # noqa: BLE001 - whatever it is, a person reads one sentence
        from interfaces.cli.explaining import explain

        return explain(error)
    return code if isinstance(code, int) else DONE


def _settle() -> None:
    """Make the process fit for a command: for much data, and for a terminal of few letters."""
    gc.set_threshold(*MUCH_THAT_STAYS)
    os.environ.setdefault(*NO_PLUGINS)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _unheard() -> int:
    """End quietly where nobody reads on (`| head`): what is still to be written goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return UNHEARD
