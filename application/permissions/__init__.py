"""Who may do which act and ask which question: by role, and by the way one comes to a journey.

Two questions are asked for an act of a journey. `may_do`: is it within the role at all? `may_act`:
is it, here, given how the person comes to this journey? The responsible organisation and the team
do the case work. Whoever was asked to take over reads, and answers. A partner by an agreement
reads, joins the team, proposes, and records what its own services do. A journey opened out of
scope is read, and no more. Into whose hands a journey goes is for the responsible organisation
alone: a team member cannot take it.
"""

from application.permissions.beside_journeys import may_act_for, may_evaluate, may_manage, may_tend
from application.permissions.denials import Denied, NotAllowed
from application.permissions.journeys import (
    ANSWERS,
    OF_PARTNERS,
    Way,
    may_act,
    may_put_right,
    may_refer_into,
    names_another_referrer,
    way_to,
)
from application.permissions.roles import (
    ACTS,
    CLIENT_ACTS,
    CONSENT_ACTS,
    KEEPING_ACTS,
    OF_CLIENTS,
    QUESTIONS,
    may_do,
)

__all__ = [
    "ACTS",
    "ANSWERS",
    "CLIENT_ACTS",
    "CONSENT_ACTS",
    "KEEPING_ACTS",
    "OF_CLIENTS",
    "OF_PARTNERS",
    "QUESTIONS",
    "Denied",
    "NotAllowed",
    "Way",
    "may_act",
    "may_act_for",
    "may_do",
    "may_evaluate",
    "may_manage",
    "may_put_right",
    "may_refer_into",
    "may_tend",
    "names_another_referrer",
    "way_to",
]
