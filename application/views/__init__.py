"""Pure folds that cross streams."""

from typing import Any

from application.views.board import BOARD
from application.views.caseload import CASELOAD
from application.views.readings import READINGS
from application.views.register import REGISTER
from application.views.responsibility import RESPONSIBILITY
from application.views.view import View

VIEWS: tuple[View[Any], ...] = (CASELOAD, REGISTER, BOARD, RESPONSIBILITY, READINGS)
"""Every view that is kept in tables."""
