"""A report with everything that a report can have, to be drawn and read."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from application.evaluation.report import Figure, Report, Series, Table
from domain.definition import Title


def title(en: str, fi: str = "") -> Title:
    return Title(en, fi or f"{en} suomeksi", "fi")


DAYS = [date(2025, 1, 1) + timedelta(days=30 * n) for n in range(6)]

STOCK = Series(
    "stock-per-phase",
    title("Journeys by phase", "Polut vaiheittain"),
    "stock",
    ("day", "group", "count"),
    tuple(
        (day, phase, 10 + n * step)
        for phase, step in (("intake", 1), ("training", 3), ("placement", 2))
        for n, day in enumerate(DAYS)
    ),
)
SURVIVAL = Series(
    "time-to-work",
    title("Until work begins"),
    "survival",
    ("group", "days", "share", "low", "high"),
    tuple(
        (group, days, share, max(0.0, share - 0.1), min(1.0, share + 0.1))
        for group, fall in (("kuopio", 0.17), ("mikkeli", 0.08))
        for days, share in ((30 * n, round(1 - fall * n, 2)) for n in range(6))
    ),
)
FUNNEL = Series(
    "in-work",
    title("In work after six months"),
    "funnel",
    ("group", "counted", "value", "target", "low", "high", "lowest", "highest"),
    (
        ("kuopio", 120, 0.41, 0.4, 0.31, 0.49, 0.26, 0.54),
        ("mikkeli", 40, 0.7, 0.4, 0.25, 0.55, 0.18, 0.62),
        ("pieksamaki", 12, 0.3, 0.4, 0.14, 0.66, 0.05, 0.78),
    ),
)
FLOW = Series(
    "between-phases",
    title("From phase to phase"),
    "flow",
    ("source", "target", "count"),
    (
        ("intake", "training", 20),
        ("intake", "competence review", 60),
        ("competence review", "training", 40),
        ("training", "placement", 30),
        ("placement", "training", 5),
        ("placement", "employment", 25),
    ),
)
SERIES = (STOCK, SURVIVAL, FUNNEL, FLOW)

SHARE = Table(
    "under-30",
    title("Share under 30", "Alle 30-vuotiaiden osuus"),
    "clients",
    "share",
    ("organisation",),
    (
        Figure(("tampere",), 0.71, 62, 1, target=0.64, having=44),
        Figure(("espoo",), 0.5, 20, 0, target=0.64, having=10),
        Figure(("turku",), None, None, None, suppressed=True, target=0.64),
        Figure((None,), 0.25, 8, 2, having=2),
    ),
    "Project plan of Duunipolku",
    assumed=True,
)
WHOLE = Table(
    "under-30",
    title("Share under 30", "Alle 30-vuotiaiden osuus"),
    "clients",
    "share",
    (),
    (Figure((), 0.64512, 93, 3, target=0.64, having=60),),
    "Project plan of Duunipolku",
)
COUNT = Table(
    "accepted",
    title("Clients <b>taken in</b> & counted"),
    "clients",
    "count",
    ("organisation", "gender"),
    (Figure(("tampere", "female"), 1234, 1234), Figure(("espoo", None), 0, 0)),
    note='A "note" with <script>alert(1)</script> in it.',
)


def report(**changed: Any) -> Report:
    values: dict[str, Any] = {
        "programme": "duunipolku",
        "title": title("Evaluation of Duunipolku", "Duunipolun arviointi"),
        "as_at": date(2025, 6, 30),
        "known_at": datetime(2025, 7, 14, 21, 0, tzinfo=UTC),
        "position": 57_123,
        "root": "ab" * 32,
        "definition_version": 2,
        "definition_digest": "cd" * 32,
        "indicators_digest": "ef" * 32,
        "polku_version": "0.1.0",
        "threshold": 5,
        "tables": (WHOLE, SHARE, COUNT),
        "series": SERIES,
        "notes": ("It leans on what another system claims of when it knew.",),
    }
    return Report(**{**values, **changed})
