"""Serves on a socket that was opened for it: how `polku serve` goes on (`serving.begin`)."""

import socket
import sys
from collections.abc import Sequence

from interfaces import bootstrap
from interfaces.http import serving

DONE, INTERRUPTED = 0, 130


def main(told: Sequence[str]) -> int | str:
    """Serve until it is asked to stop; return how the program ends, or what is wrong.

    It is told the number of the socket, and what `serving.Plan` has.
    """
    number, workers, stop_seconds, level, form = told
    bootstrap.log_as(level, form)
    try:
        with socket.socket(fileno=int(number)) as on:
            on.set_inheritable(False)
            served = serving.run(on, int(workers), int(stop_seconds))
    except KeyboardInterrupt:
        return INTERRUPTED
    if served:
        return DONE
    return "polku: the service could not be started; POLKU_LOG_LEVEL=debug shows where"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
