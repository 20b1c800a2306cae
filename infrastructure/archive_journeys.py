"""The table `journeys`, in SQL: each column from the parts that it needs, and no others.

A table of a million journeys is joined from some of twenty parts: those whose columns a question
names.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from application.evaluation.derived import JOURNEYS
from infrastructure.archive_parts import PARTS

_TABLES = {
    "r": "part_referrals",
    "c": "part_courses",
    "e": "part_closings",
    "w": "part_responsible",
    "d": "part_adopted",
    "a": "part_assessed",
    "n": "part_needs",
    "i": "part_interviews",
    "v": "part_reviews",
    "p": "part_plans",
    "f": "part_phases",
    "s": "part_services",
    "q": "part_placements",
    "t": "part_teams",
    "x": "part_certificates",
    "u": "part_follow_ups",
    "b": "part_feedback",
    "m": "part_competences",
    "g": "part_grants",
    "k": "clients",
    "o": "part_persons",
}
"""The parts that columns come from, by the letter that stands for each in SQL."""

_ACCEPTED = "CASE WHEN later(c.accepted, r.turn) THEN c.accepted_on END"
_STARTED = f"coalesce({_ACCEPTED}, r.referred_on)"
_ORGANISATION = "CASE WHEN later(w.turn, r.turn) THEN w.organisation ELSE r.referred_to END"
_SINCE, _EARLIEST, _LATEST = (
    f"coalesce(i.first.unemployed_since, a.{one})" for one in ("since", "earliest", "latest")
)

STATUS = """CASE
    WHEN later(c.closed, c.reopened) THEN 'closed'
    ELSE CASE greatest(r.turn, c.accepted, c.declined, c.paused, c.reopened)
        WHEN c.reopened THEN if(later(r.turn, c.accepted), 'referred', 'open')
        WHEN c.paused THEN if(later(c.resumed, c.paused), 'open', 'paused')
        WHEN c.accepted THEN 'open'
        WHEN c.declined THEN 'declined'
        ELSE 'referred'
    END
END"""
"""What stands of a journey as a whole. What happens to a closed one does nothing until it is opened
again, and that says itself how it goes on."""


_BORN = "coalesce(o.birth_year, k.birth_year)"


def _ended(what: str) -> str:
    return f"CASE WHEN later(c.closed, c.reopened) THEN {what} END"


def _told(name: str, fact: str, type_: str) -> str:
    """Return what the first interview told, or else the facts of the first assessment."""
    return f"coalesce(i.first.{name}, TRY_CAST(fact(a.first_facts, '{fact}') AS {type_}))"


COLUMNS: Mapping[str, str] = {
    "journey": "r.journey",
    "key": "r.key",
    "client": "coalesce(k.goes_by, r.client)",
    "programme": "r.programme",
    "definition_version": (
        "CASE WHEN later(d.turn, r.turn) THEN d.definition_version ELSE r.definition_version END"
    ),
    "organisation": _ORGANISATION,
    "responsible_organisation": _ORGANISATION,
    "responsible_person": "w.person",
    "referred_to": "r.referred_to",
    "referred_by": "r.referred_by",
    "channel": "r.channel",
    "service_line": "coalesce(n.service_line, r.service_line)",
    "referred_on": "r.referred_on",
    "accepted_on": _ACCEPTED,
    "declined_on": "c.declined_on",
    "eligible": "a.eligible",
    "assessed_on": "a.assessed_on",
    "gender": "coalesce(o.gender, k.gender)",
    "birth_year": _BORN,
    "language": "coalesce(o.language, k.language)",
    "started_on": _STARTED,
    "age_at_start": f"year({_STARTED}) - {_BORN}",
    "municipality": (
        "coalesce(i.first.municipality, fact(a.first_facts, 'municipality'), "
        "o.municipality, k.municipality)"
    ),
    "education": _told("education", "education_isced", "BIGINT"),
    "employment_at_start": "coalesce(nullif(i.first.employment, 'unknown'), a.employment)",
    "unemployed_since": _SINCE,
    "unemployed_since_earliest": _EARLIEST,
    "unemployed_since_latest": _LATEST,
    "months_unemployed_at_start": f"same_months({_EARLIEST}, {_LATEST}, {_STARTED})",
    **{
        name: _told(name, name, "BOOLEAN")
        for name in (
            "student_in_last_phase",
            "finished_vocational_school",
            "threatened_by_unemployment",
            "unemployed_after_measure",
            "at_risk_of_structural_unemployment",
            "needs_more_guidance",
        )
    },
    "disadvantages": (
        "coalesce(i.first.disadvantages, "
        "TRY_CAST(TRY_CAST(fact(a.first_facts, 'disadvantages') AS JSON) AS VARCHAR[]))"
    ),
    "disadvantages_version": (
        "CASE WHEN i.first.disadvantages IS NULL THEN a.first_version ELSE coalesce(list_filter("
        "d.each, lambda one: one.day <= i.interviewed_on)[-1].version, r.definition_version) END"
    ),
    "interviewed_on": "i.interviewed_on",
    "review_started_on": "v.began_on",
    "review_completed_on": "CASE WHEN later(v.completed, v.began) THEN v.completed_on END",
    "plan_agreed_on": "p.agreed_on",
    "plan_revisions": "coalesce(p.revisions, 0)",
    "phase": "f.phase",
    "phase_since": "f.since",
    "status": STATUS,
    "closed_on": _ended("c.closed_on"),
    "end_state": _ended("e.end_state"),
    "destination": _ended("e.destination"),
    "services": "coalesce(s.services, 0)",
    "services_started": "coalesce(s.started, 0)",
    "services_completed": "coalesce(s.completed, 0)",
    "certificates": "coalesce(x.many, 0)",
    "placements": "coalesce(q.placements, 0)",
    "placements_started": "coalesce(q.started, 0)",
    "placement_started_on": "q.first_on",
    "grants_paid": "coalesce(g.many, 0)::DECIMAL(38,4)",
    "follow_ups": "coalesce(u.many, 0)",
    "feedback": "coalesce(b.many, 0)",
    "competences": "coalesce(m.many, 0)",
    "team_size": "coalesce(t.size, 0)",
}


class Select(NamedTuple):
    """A statement, and the tables that it needs beside those that its parts name."""

    sql: str
    parts: tuple[str, ...]
    needs: tuple[str, ...]


def journeys_with(names: Iterable[str]) -> Select:
    """Return the table of journeys with the columns of those names, and with its id and key.

    Its parts stand in it as they are: as views DuckDB would look each of their files up once more.
    """
    wanted = {"journey", "key", *names}
    chosen = [column.name for column in JOURNEYS.columns if column.name in wanted]
    said = ", ".join(f"{COLUMNS[name]} AS {name}" for name in chosen)
    letters = [letter for letter in _TABLES if re.search(rf"\b{letter}\.", said)]
    joins = " ".join(_join(letter) for letter in letters if letter != "r")
    of = [_TABLES[letter] for letter in dict.fromkeys(["r", *letters])]
    parts = tuple(PARTS[name] for name in of if name in PARTS)
    needs = tuple(name for name in of if name not in PARTS)
    return Select(f"SELECT {said} FROM {_source('r')} {joins}", parts, needs)


def _join(letter: str) -> str:
    by = f"{letter}.client = r.client" if letter in "ko" else f"{letter}.key = r.key"
    return f"LEFT JOIN {_source(letter)} ON {by}"


def _source(letter: str) -> str:
    """Return where columns of a letter come from, as it stands after FROM."""
    name = _TABLES[letter]
    return f"{f'({PARTS[name]})' if name in PARTS else name} {letter}"
