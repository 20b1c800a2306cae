"""The parts that derived tables are made of, in SQL: what the fold of a journey knows of one thing.

A part has a row for each journey that has anything of it. `in_order` is the order in which entries
are folded: as they happened where a day is asked about, else as they were recorded. `by_day` is the
order of what never gives way to something that happened earlier. `later(a, b)` says whether a came,
and after b if b came.
"""

from collections.abc import Mapping

_ORDER = "in_order(occurred_on, entry)"
_AT_FIRST = f"CASE WHEN entry = 1 THEN -9223372036854775807 ELSE {_ORDER} END"
"""The turn of the only referral: what opened a journey comes before all else, whatever its day."""


def once_or_again(table: str, once: str, again: str) -> str:
    """Return SQL of a row for each key of an event table.

    Nearly all keys have one row, which is told as it is: `once` are its columns, by their names.
    The rows of others are gathered: `again` are the same columns in the same order. To gather a
    million texts each of which stands alone takes three times as long.
    """
    return f"""
WITH again AS (SELECT key FROM {table} GROUP BY key HAVING count(*) > 1)
SELECT {once} FROM {table} ANTI JOIN again USING (key)
UNION ALL
SELECT {again} FROM {table} SEMI JOIN again USING (key) GROUP BY key
"""


_REFERRED = {
    "journey": "journey",
    "client": "client",
    "programme": "programme",
    "definition_version": "definition_version",
    "from_organisation": "referred_by",
    "to_organisation": "referred_to",
    "channel": "channel",
    "service_line": "service_line",
    "occurred_on": "referred_on",
}
"""Columns of referrals, and what they are called in the part."""

REFERRALS = once_or_again(
    "referral_made",
    f"key, {_AT_FIRST} AS turn, " + ", ".join(f"{of} AS {name}" for of, name in _REFERRED.items()),
    f"key, max({_ORDER}), " + ", ".join(f"arg_max_null({of}, {_ORDER})" for of in _REFERRED),
)

_COURSE_EVENTS = {
    "accepted": "referral_accepted",
    "declined": "referral_declined",
    "paused": "journey_paused",
    "resumed": "journey_resumed",
    "closed": "journey_closed",
    "reopened": "journey_reopened",
}

COURSES = f"""
SELECT key, {
    ", ".join(
        f"max(turn) FILTER (name = '{name}') AS {name}, "
        f"arg_max(day, turn) FILTER (name = '{name}') AS {name}_on"
        for name in _COURSE_EVENTS
    )
}
FROM ({
    " UNION ALL ".join(
        f"SELECT key, '{name}' AS name, occurred_on AS day, {_ORDER} AS turn FROM {table}"
        for name, table in _COURSE_EVENTS.items()
    )
}) GROUP BY key
"""

CLOSINGS = f"""
SELECT key, arg_max(end_state, {_ORDER}) AS end_state, arg_max(destination, {_ORDER}) AS destination
FROM journey_closed GROUP BY key
"""

RESPONSIBLE = f"""
SELECT key, max(turn) AS turn, arg_max(person, turn) AS person,
    arg_max(organisation, turn) AS organisation
FROM (
    SELECT key, person, organisation, {_ORDER} AS turn FROM case_worker_assigned
    UNION ALL SELECT key, person, organisation, {_ORDER} FROM handover_accepted
) GROUP BY key
"""

ADOPTED = f"""
SELECT key, max({_ORDER}) AS turn, arg_max(definition_version, {_ORDER}) AS definition_version,
    list(struct_pack("day" := occurred_on, version := definition_version) ORDER BY {_ORDER}) AS each
FROM definition_adopted GROUP BY key
"""

_DATED = "by_day(occurred_on, entry)"

_VERDICTS = f"""
SELECT key, eligible, assessed_on, first_on, first_version, from_json(
    first_facts, '[{{"name": "VARCHAR", "value": "VARCHAR"}}]') AS first_facts
FROM (
    SELECT key, arg_max(eligible, {_DATED}) AS eligible, max(occurred_on) AS assessed_on,
        min(occurred_on) AS first_on,
        arg_min(facts, {_DATED}) AS first_facts,
        arg_min(definition_version, {_DATED}) AS first_version
    FROM eligibility_assessed GROUP BY key
)
"""

ASSESSED = f"""
SELECT *, coalesce(since, latest_start(first_on, months + 1) + 1) AS earliest,
    coalesce(since, latest_start(first_on, months)) AS latest,
    coalesce(status, CASE WHEN unemployed OR days > 0 OR told_months > 0 THEN 'unemployed' END)
        AS employment
FROM (
    SELECT *, coalesce(told_since, CASE WHEN days BETWEEN 1 AND 36525 THEN first_on - days + 1 END)
            AS since,
        CASE WHEN told_months BETWEEN 1 AND 1200 OR (told_months = 0 AND unemployed)
            THEN told_months END AS months
    FROM (
        SELECT *, fact(first_facts, 'employment_status') AS status,
            fact(first_facts, 'unemployed') = 'true' AS unemployed,
            TRY_CAST(fact(first_facts, 'unemployed_since') AS DATE) AS told_since,
            TRY_CAST(fact(first_facts, 'days_unemployed') AS INTEGER) AS days,
            TRY_CAST(fact(first_facts, 'months_unemployed') AS INTEGER) AS told_months
        FROM ({_VERDICTS})
    )
)
"""
"""The newest verdict, and what the first one tells of working life and the spell of unemployment.

It tells that who is judged is unemployed also by how long, or by that alone; that who is judged is
not unemployed does not tell what else. By whole months the spell began on one of several days.
Longer than a century is a slip, and no day.
"""

NEEDS = f"""
SELECT key, arg_max_null(service_line, {_DATED}) AS service_line
FROM service_needs_defined GROUP BY key
"""

INTERVIEWS = once_or_again(
    "intake_interview_held",
    "key, occurred_on AS interviewed_on, situation AS first",
    f"key, min(occurred_on), arg_min(situation, {_DATED})",
)

REVIEWS = f"""
SELECT key, max(turn) FILTER (began) AS began, max(turn) FILTER (NOT began) AS completed,
    arg_max(day, turn) FILTER (began) AS began_on,
    arg_max(day, turn) FILTER (NOT began) AS completed_on
FROM (
    SELECT key, true AS began, occurred_on AS day, {_ORDER} AS turn FROM competence_review_started
    UNION ALL SELECT key, false, occurred_on, {_ORDER} FROM competence_review_completed
) GROUP BY key
"""

PLANS = f"""
SELECT key, arg_max(day, turn) AS agreed_on, count(*) AS revisions
FROM (
    SELECT key, occurred_on AS day, {_ORDER} AS turn FROM plan_agreed
    UNION ALL SELECT key, occurred_on, {_ORDER} FROM plan_revised
) GROUP BY key
"""

PHASES = f"""
SELECT key, arg_max(phase, {_ORDER}) AS phase, arg_max(occurred_on, {_ORDER}) AS since
FROM phase_entered GROUP BY key
"""

SERVICE_COUNTS = """
SELECT key, count(*) AS services,
    count(*) FILTER (status IN ('started', 'interrupted', 'completed')) AS started,
    count(*) FILTER (status = 'completed') AS completed
FROM services GROUP BY key
"""

PLACEMENT_COUNTS = """
SELECT key, count(*) AS placements, count(started_on) AS started, min(started_on) AS first_on
FROM placements GROUP BY key
"""

TEAMS = f"""
SELECT key, count(*) AS size
FROM (SELECT key, person, organisation, {_ORDER} AS turn FROM team_member_joined) joined
LEFT JOIN (
    SELECT key, person, organisation, max({_ORDER}) AS gone FROM team_member_left GROUP BY ALL
) left_ USING (key, person, organisation)
WHERE gone IS NULL OR gone < turn
GROUP BY key
"""


TOLD_OF_PERSONS = ("gender", "birth_year", "municipality", "language")

PERSONS = f"""
WITH ids AS (
    SELECT c.*, m.person FROM clients c
    JOIN (SELECT DISTINCT goes_by AS person FROM clients WHERE goes_by IS NOT NULL) m
        ON m.person = coalesce(c.goes_by, c.client)
), told AS (
    SELECT person, {
    ", ".join(
        f"coalesce(max({name}) FILTER (client = person), arg_min({name}, client)) AS {name}"
        for name in TOLD_OF_PERSONS
    )
}
    FROM ids GROUP BY person
)
SELECT ids.client, told.* EXCLUDE (person) FROM ids JOIN told USING (person)
"""
"""What is known of those who have several ids, by each of them: what the id that the person goes by
says, or else another, so that nobody is in two groups, nor missing where one of the ids knows."""


def _counted(table: str, what: str = "count(*)") -> str:
    return f"SELECT key, {what} AS many FROM {table} GROUP BY key"


PARTS: Mapping[str, str] = {
    "part_referrals": REFERRALS,
    "part_persons": PERSONS,
    "part_courses": COURSES,
    "part_closings": CLOSINGS,
    "part_responsible": RESPONSIBLE,
    "part_adopted": ADOPTED,
    "part_assessed": ASSESSED,
    "part_needs": NEEDS,
    "part_interviews": INTERVIEWS,
    "part_reviews": REVIEWS,
    "part_plans": PLANS,
    "part_phases": PHASES,
    "part_services": SERVICE_COUNTS,
    "part_placements": PLACEMENT_COUNTS,
    "part_teams": TEAMS,
    "part_certificates": _counted("certificate_awarded"),
    "part_follow_ups": _counted("follow_up_held"),
    "part_feedback": _counted("feedback_given"),
    "part_competences": _counted("competence_recorded", "count(DISTINCT concept)"),
    "part_grants": _counted("grant_paid", "sum(amount)"),
}
"""The parts by name; each is joined to a journey by `key`, persons by `client`."""
