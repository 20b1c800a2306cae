"""Polku's views of a real log: all of them, caught up from nothing and followed in batches."""

from typing import Any

from application.programmes import Programmes
from application.views import VIEWS
from application.views.readings import READINGS
from application.views.view import Rules
from infrastructure.definitions import load_definition
from infrastructure.projections import Projections
from infrastructure.projector import Projector
from infrastructure.rebuilding import Rebuild
from infrastructure.working_days import working_days_of
from interfaces.bootstrap import HELPERS
from tests.performance.bulk import multiply
from tests.performance.ours import opened
from tests.performance.played import NotTheSame, Played, open_rows_in


class Projected(Played):
    """A played log, kept by Polku, with every view of it."""

    def catch_up(self) -> int:
        """Fill every view anew, as a rebuild and a first start do; return the log's length."""
        for built in Rebuild(self._projections(), VIEWS, grace=0).run():
            if not built.rows and built.view != READINGS.name:  # nobody has read what was played
                raise NotTheSame(f"the view {built.view} is empty after it was caught up")
        return self.log.position()

    def follow(self) -> int:
        """Empty every view and bring it up in the projector's batches; return the log's length."""
        projections = self._projections()
        if not projections.registry.read():
            Rebuild(projections, VIEWS, grace=0).run()
        self._empty(projections)
        projector = Projector(projections)
        projector.take_over()
        while projector.step():
            pass
        projector.close()
        return self.log.position()

    def _projections(self) -> Projections:
        programmes = Programmes(self.log, load_definition)
        rules = Rules(programmes.definition, working_days_of)
        return Projections(self.log, VIEWS, rules, helpers=HELPERS)

    def multiply(self, source: str, journeys: int) -> None:
        """Store what a played log holds so often that it has so many journeys (PostgreSQL)."""
        url = self.log.database.url.set(drivername="postgresql")
        multiply(url.render_as_string(hide_password=False), open_rows_in(source), journeys)

    def _empty(self, projections: Projections) -> None:
        standings = projections.registry.read()
        with projections.writing() as cursor:
            for view in VIEWS:
                tables = projections.tables(view, standings[view.name].generation)
                tables.drop(cursor)
                tables.create(cursor)
            cursor.execute("UPDATE projections SET position = 0")


def projected(where: dict[str, Any]) -> Projected:
    """A played log and every view of it."""
    return Projected(opened(where))
