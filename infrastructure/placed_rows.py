"""Rows of views whose entries have their place in the log."""

from typing import NamedTuple

from application.ports import Drafted


class Placed(NamedTuple):
    """Rows whose entries have their place in the log; `micros` is when they were recorded."""

    drafted: Drafted
    version: int
    position: int
    micros: int
