"""How a command ends when it is told to: by what it was doing being put away, as after Ctrl-C.

Else a half-written copy of what is held about a person would stay beside its place for ever.
"""

import signal
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP)
"""What asks a process to end: whoever runs it, and a terminal that is closed."""

KILLED_BY = 128
"""What is added to a signal's number, where a process ends by one: 143, 129, 130."""

_told: list[int] = []


def end_well() -> None:
    """Have the process end as after Ctrl-C when it is told to, and at once the second time.

    What whoever began it has it leave unheard (`nohup`) stays unheard.
    """
    for number in ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    _told.append(number)
    raise KeyboardInterrupt


def status_of(interrupted: int) -> int:
    """Return the exit status of a command that was stopped: `interrupted`, or that of a signal."""
    return KILLED_BY + _told[0] if _told else interrupted
