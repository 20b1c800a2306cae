"""Helper processes that fill tables side by side: one process folds no faster than it can.

Only on PostgreSQL, where many may write at once, and only for what the shipped program keeps: a
helper makes the views for itself.
"""

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import chain, islice
from multiprocessing import current_process, get_context

from application.programmes import Programmes
from application.views import VIEWS
from application.views.view import Rules
from infrastructure.definitions import load_definition
from infrastructure.event_log import open_log
from infrastructure.filling import Filled, Filling, Stretch, kinds, shares
from infrastructure.helper_processes import settle
from infrastructure.projections import Projections
from infrastructure.view_tables import ViewTables

MANY = 100_000
"""Entries from which on helpers are worth their start."""

_filling: Filling | None = None


def helpers_for(projections: Projections, head: int) -> int:
    """Return how many helpers can fill the tables; 0: it is done by this process."""
    shipped = all(view in VIEWS for view in projections.views.values())
    if projections.database.is_sqlite or not shipped or head < MANY or current_process().daemon:
        return 0
    many = min(projections.helpers, os.cpu_count() or 1)
    return many if many > 1 else 0


def filled_by_helpers(
    projections: Projections, tables: Sequence[ViewTables], head: int, helpers: int
) -> Iterator[Filled]:
    """Fill the tables by helpers, and yield what each has done; closing it ends them."""
    stretches = chain.from_iterable(shares(projections, kind) for kind in kinds(tables))
    generations = {one.view.name: one.generation for one in tables}
    url = projections.database.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(
        helpers, get_context("spawn"), _begin, (url, generations, head)
    ) as pool:
        waiting: set[Future[Filled]] = set()
        try:
            while True:
                more = islice(stretches, 2 * helpers - len(waiting))
                waiting |= {pool.submit(_fill, stretch) for stretch in more}
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(url: str, generations: Mapping[str, int], head: int) -> None:
    global _filling  # noqa: PLW0603 - what a helper process is for, made once
    from infrastructure.working_days import working_days_of  # noqa: PLC0415 - helpers alone

    settle()
    gc.disable()  # `_fill` looks for garbage when it has let go of what it made
    log = open_log(url)
    rules = Rules(Programmes(log, load_definition).definition, working_days_of)
    projections = Projections(log, VIEWS, rules)
    tables = [projections.tables(projections.views[name], of) for name, of in generations.items()]
    _filling = Filling(projections, tables, head)


def _fill(stretch: Stretch) -> Filled:
    if _filling is None:
        raise RuntimeError("this helper was not begun")
    try:
        return _filling.fill(stretch)
    finally:
        gc.collect()
        gc.freeze()  # what is left stays: no later stretch has it looked through again
