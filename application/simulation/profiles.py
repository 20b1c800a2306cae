"""The colour of the models that come with Polku: rates in which one differs from another.

A programme that is not in the table is played at the usual rates: its definition says the rest.
"""

from collections.abc import Mapping
from types import MappingProxyType

from application.simulation.rates import Rates
from domain.journey.events import EmploymentStatus

USUAL = Rates()

PROFILES: Mapping[str, Rates] = MappingProxyType(
    {
        "duunipolku": Rates(
            ages=((17, 29, 0.66), (30, 44, 0.22), (45, 62, 0.12)),
            extra_service=0.35,
            placed=0.5,
            handed_over=0.05,
        ),
        "askel": Rates(
            handed_over=0.35,
            handover_declined=0.12,
            paused=0.14,
            extra_service=0.6,
            network_feedback=0.25,
        ),
        "ali": Rates(
            placed=0.9,
            employer_advised=0.9,
            certified=0.45,
            leaves=0.2,
            network_feedback=0.3,
        ),
        "follow-me": Rates(
            ages=((38, 44, 0.25), (45, 54, 0.45), (55, 64, 0.30)),
            statuses=(
                (EmploymentStatus.EMPLOYED, 0.6),
                (EmploymentStatus.SELF_EMPLOYED, 0.12),
                (EmploymentStatus.UNEMPLOYED, 0.18),
                (EmploymentStatus.LAID_OFF, 0.1),
            ),
            self_assessed=1.0,
            leaves=0.12,
        ),
        "etela-savo": Rates(
            wage_subsidised=0.3,
            placed=0.65,
        ),
    }
)
"""By the programme's code; the core knows none of them."""
