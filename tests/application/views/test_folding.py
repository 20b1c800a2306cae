"""Views fold only a part of a journey's state: it must be all that they ask."""

from application.views import VIEWS
from application.views.folding import FOLDS, MOVING
from application.views.view import Rules
from domain.journey.events import DecisionReviewed
from domain.journey.history import History
from infrastructure.definitions import load_definition, shipped_definitions
from infrastructure.working_days import working_days_of
from tests.application.simulated import real_histories

CLIENTS = 12


def test_what_views_ask_of_the_state_is_folded_entry_by_entry() -> None:
    shipped = shipped_definitions().items()
    definitions = {code: load_definition(text, code) for code, text in shipped}
    rules = Rules(lambda code, _version: definitions[code], working_days_of)
    for journey, whole in real_histories(CLIENTS).items():
        part: History = FOLDS["journey"].start
        for entry in whole.entries:
            part = FOLDS["journey"].extend(part, (entry,))
        for view in VIEWS:
            if view.kind == "journey":
                lived = tuple(view.rows(journey, part, rules))
                assert lived == tuple(view.rows(journey, whole, rules)), (journey, view.name)


def test_decisions_were_reviewed_in_what_is_compared() -> None:
    kinds = {type(x.event) for one in real_histories(CLIENTS).values() for x in one.entries}
    assert DecisionReviewed in kinds
    assert kinds - MOVING
