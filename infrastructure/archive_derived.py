"""The derived tables but `journeys`, in SQL over event tables and parts (`archive_parts`)."""

from collections.abc import Mapping

from infrastructure.archive_parts import once_or_again

_ORDER = "in_order(occurred_on, entry)"


OPEN_ONCE = """
SELECT c.key, arg_min(occurred_on, in_order(occurred_on, entry)) AS closed_on
FROM journey_closed c ANTI JOIN journey_reopened USING (key)
GROUP BY c.key
"""
"""The day on which a journey that was never reopened was closed first."""

OPEN_AGAIN = f"""
WITH ends AS (
    SELECT key, occurred_on AS day, {_ORDER} AS turn, true AS closing
    FROM journey_closed SEMI JOIN journey_reopened USING (key)
    UNION ALL SELECT key, occurred_on, {_ORDER}, false FROM journey_reopened
), turns AS (
    SELECT * FROM ends
    QUALIFY closing != coalesce(lag(closing) OVER (PARTITION BY key ORDER BY turn), false)
)
SELECT key, NULL::DATE AS opened_on, arg_min(day, turn) AS closed_on FROM turns GROUP BY key
UNION ALL
SELECT key, opened_on, closed_on FROM (
    SELECT key, closing, day AS opened_on,
        lead(day) OVER (PARTITION BY key ORDER BY turn) AS closed_on
    FROM turns
) WHERE NOT closing
UNION ALL
SELECT DISTINCT key, NULL, NULL FROM journey_reopened ANTI JOIN turns USING (key)
"""
"""The stretches in which journeys that were reopened were not closed."""

STAYS = f"""
WITH entered AS (
    SELECT key, journey, entry, phase, occurred_on AS since,
        lead(occurred_on) OVER (PARTITION BY key ORDER BY {_ORDER}) AS left_on
    FROM phase_entered
), stretches AS (
    SELECT e.*, CASE WHEN since < closed_on THEN least(left_on, closed_on)
        WHEN closed_on IS NOT NULL THEN since ELSE left_on END AS until, false AS reopened
    FROM entered e LEFT JOIN open_once USING (key) ANTI JOIN journey_reopened j ON j.key = e.key
    UNION ALL BY NAME
    SELECT e.*, (
            SELECT CASE WHEN count(*) = 0 THEN e.since
                ELSE min(least(e.left_on, o.closed_on)) END
            FROM open_again o WHERE o.key = e.key
            AND (o.opened_on IS NULL OR o.opened_on <= e.since)
            AND (o.closed_on IS NULL OR e.since < o.closed_on)
        ) AS until, false AS reopened
    FROM entered e SEMI JOIN journey_reopened j ON j.key = e.key
    UNION ALL BY NAME
    SELECT e.* REPLACE (o.opened_on AS since), least(e.left_on, o.closed_on) AS until,
        true AS reopened
    FROM entered e JOIN open_again o ON o.key = e.key
    WHERE e.since < o.opened_on AND (e.left_on IS NULL OR o.opened_on < e.left_on)
)
SELECT s.journey, s.key, r.programme,
    CASE WHEN later(w.turn, r.turn) THEN w.organisation ELSE r.referred_to END AS organisation,
    s.entry, s.phase, s.since, s.until, s.reopened
FROM stretches s LEFT JOIN part_referrals r ON r.key = s.key
LEFT JOIN part_responsible w ON w.key = s.key
"""

_SET = "'referral', 'accepted', 'declined', 'paused', 'reopened'"

_OPENS = """name = 'referral' AND entry = 1
    AND count(*) FILTER (name = 'referral') OVER (PARTITION BY key ORDER BY turn) = 1"""
"""What opened the journey changes nothing that happened before it, but for another referral."""

STATUSES = f"""
WITH said AS (
    {
    " UNION ALL ".join(
        f"SELECT key, journey, entry, '{name}' AS name, occurred_on AS day, "
        f"{_ORDER} AS turn FROM {table}"
        for name, table in {
            "referral": "referral_made",
            "accepted": "referral_accepted",
            "declined": "referral_declined",
            "paused": "journey_paused",
            "resumed": "journey_resumed",
            "closed": "journey_closed",
            "reopened": "journey_reopened",
        }.items()
    )
}
), opened AS (
    SELECT *, {_OPENS} AS opens FROM said
), seen AS (
    SELECT *,
        last_value(CASE WHEN name IN ('closed', 'reopened') THEN name END IGNORE NULLS) OVER w
            AS ending,
        coalesce(
            last_value(CASE WHEN name IN ({_SET}) AND NOT opens THEN name END IGNORE NULLS) OVER w,
            CASE WHEN bool_or(opens) OVER w THEN 'referral' END
        ) AS base,
        coalesce(last_value(
            CASE WHEN name IN ('referral', 'accepted') AND NOT opens THEN name END IGNORE NULLS
        ) OVER w, 'referral') AS taken,
        max(turn) FILTER (name = 'paused') OVER w AS paused,
        max(turn) FILTER (name = 'resumed') OVER w AS resumed,
        max(turn) FILTER (name = 'reopened') OVER w AS reopened,
        max(turn) FILTER (name = 'referral') OVER w AS referred
    FROM opened WINDOW w AS (PARTITION BY key ORDER BY turn)
), held AS (
    SELECT journey, key, entry, day, turn, CASE
        WHEN ending = 'closed' THEN 'closed'
        WHEN base = 'paused' THEN if(later(resumed, paused), 'open', 'paused')
        WHEN base = 'reopened' THEN if(first_value(taken) OVER z = 'referral', 'referred', 'open')
        WHEN base = 'accepted' THEN 'open'
        WHEN base = 'referral' THEN 'referred'
        WHEN base IS NOT NULL THEN base
        ELSE 'not-begun' END AS status
    FROM seen WINDOW z AS (PARTITION BY key, coalesce(reopened, turn) ORDER BY turn)
), changes AS (
    SELECT * FROM held
    QUALIFY status != coalesce(lag(status) OVER (PARTITION BY key ORDER BY turn), 'not-begun')
)
SELECT journey, key, entry, status, day AS since,
    lead(day) OVER (PARTITION BY key ORDER BY turn) AS until
FROM changes
"""

_RESPONSIBLE = f"""
    SELECT journey, key, entry, to_organisation AS organisation, NULL AS person,
        occurred_on AS since, {_ORDER} AS turn, 'referral' AS name FROM referral_made
    UNION ALL
    SELECT journey, key, entry, organisation, person, occurred_on, {_ORDER}, 'assigned'
    FROM case_worker_assigned
    UNION ALL
    SELECT journey, key, entry, organisation, person, occurred_on, {_ORDER}, 'handed-over'
    FROM handover_accepted
"""

_HANDS = f"""
    SELECT * EXCLUDE (opens) REPLACE (CASE WHEN opens
        THEN coalesce(lag(organisation) OVER (PARTITION BY key ORDER BY turn), organisation)
        ELSE organisation END AS organisation)
    FROM (SELECT *, {_OPENS} AS opens FROM said)
"""

HANDED_OVER = f"""
WITH moved AS (
    SELECT key FROM handover_accepted
    UNION SELECT w.key FROM case_worker_assigned w LEFT JOIN part_referrals r USING (key)
    WHERE w.organisation IS DISTINCT FROM r.referred_to
    UNION SELECT key FROM referral_made GROUP BY key HAVING count(*) > 1
), said AS (
    SELECT * FROM ({_RESPONSIBLE}) SEMI JOIN moved USING (key)
)
SELECT key, organisation, lag(since) OVER turns IS NULL AS begins, since,
    lead(since) OVER turns AS until
FROM ({_HANDS}) WINDOW turns AS (PARTITION BY key ORDER BY turn)
"""
"""The stretches of days in which organisations were responsible, of journeys that may have several:
other systems name a case worker of another one, or refer a second time, without a handover."""

RESPONSIBILITIES = f"""
WITH said AS ({_RESPONSIBLE})
SELECT journey, key, entry, organisation,
    last_value(person IGNORE NULLS) OVER (PARTITION BY key ORDER BY turn) AS person,
    since, lead(since) OVER (PARTITION BY key ORDER BY turn) AS until
FROM ({_HANDS})
"""


def _steps(*tables: tuple[str, ...]) -> str:
    """Return SQL of what was recorded step by step: tables, each with its status and columns."""
    return " UNION ALL BY NAME ".join(
        f"SELECT journey, key, reference, '{status}' AS status, occurred_on AS day, "
        f"{', '.join([f'{_ORDER} AS turn', *more])} FROM {table}"
        for table, status, *more in tables
    )


SERVICES = f"""
WITH said AS (
    {
    _steps(
        ("service_proposed", "proposed", "service, provider"),
        ("service_accepted", "accepted"),
        ("service_declined", "declined"),
        ("service_started", "started", "service, provider"),
        ("service_interrupted", "interrupted"),
        ("service_completed", "completed", "service, result, hours"),
    )
}
), came AS (
    SELECT journey, key, reference, status, day, turn, service, provider, result, hours,
        0 AS attended, false AS absent FROM said
    UNION ALL BY NAME
    SELECT journey, key, reference, {_ORDER} AS turn, hours AS attended,
        absence_reason IS NOT NULL AS absent FROM attendance_recorded
), whole AS (
    SELECT any_value(journey) AS journey, key, reference,
        arg_max(service, turn) AS service,
        arg_max_null(provider, turn) FILTER (status IN ('proposed', 'started')) AS provider,
        coalesce(arg_max(status, turn), 'started') AS status,
        arg_max(day, turn) FILTER (status = 'proposed') AS proposed_on,
        arg_max(day, turn) FILTER (status = 'started') AS started_on,
        arg_max(day, turn) FILTER (status IN ('declined', 'interrupted', 'completed')) AS ended_on,
        arg_max(hours, turn) AS counted,
        count(*) FILTER (absent) AS absences,
        arg_max(result, turn) AS result
    FROM came GROUP BY key, reference
), attended AS (
    SELECT key, reference, -- exact, but for what nobody attends, which no decimal may have room for
        CASE WHEN max(abs(hours)) < 1e18 THEN sum(TRY_CAST(hours AS DECIMAL(28, 9)))::DOUBLE
            ELSE sum(hours ORDER BY hours) END AS hours
    FROM attendance_recorded GROUP BY key, reference
)
SELECT journey, key, reference, coalesce(service, '') AS service, provider, status, proposed_on,
    started_on, ended_on, coalesce(counted, a.hours, 0) AS hours, absences,
    result
FROM whole LEFT JOIN attended a USING (key, reference)
"""

PLACEMENTS = f"""
WITH came AS (
    {
    _steps(
        ("placement_proposed", "proposed", "employer, form"),
        ("placement_agreed", "agreed"),
        ("placement_started", "started"),
        ("placement_reviewed", "reviewed"),
        ("placement_ended", "ended"),
    )
}
)
SELECT any_value(journey) AS journey, key, reference,
    coalesce(arg_max(employer, turn), '') AS employer, coalesce(arg_max(form, turn), '') AS form,
    coalesce(arg_max(status, turn) FILTER (status != 'reviewed'), 'proposed') AS status,
    arg_max(day, turn) FILTER (status = 'proposed') AS proposed_on,
    arg_max(day, turn) FILTER (status = 'agreed') AS agreed_on,
    arg_max(day, turn) FILTER (status = 'started') AS started_on,
    arg_max(day, turn) FILTER (status = 'ended') AS ended_on,
    count(*) FILTER (status = 'reviewed') AS reviews
FROM came GROUP BY key, reference
"""

PERIODS = " UNION ALL ".join(
    f"SELECT journey, key, entry, '{what}' AS what, first_day, last_day, kind, paid_days "
    f"FROM {what}_period_recorded p ANTI JOIN ("
    f"SELECT key, first_day, {which} AS which, max(entry) AS entry FROM {what}_period_recorded "
    "GROUP BY ALL HAVING count(*) > 1"
    ") newer ON newer.key = p.key AND newer.first_day = p.first_day "
    f"AND newer.which = {which} AND newer.entry > p.entry"
    for what, which in (("employment", "''"), ("unemployment", "''"), ("benefit", "kind"))
)
"""An end is recorded as the same period once more: of two of one first day the newer holds, if they
are not of two benefits."""

MONEY = " UNION ALL ".join(
    f"SELECT journey, key, entry, '{kind}' AS kind, occurred_on, reference, amount, currency, "
    f"payer, first_day, last_day FROM {table}"
    for table, kind in (
        ("grant_awarded", "grant-awarded"),
        ("grant_paid", "grant-paid"),
        ("wage_subsidy_granted", "wage-subsidy"),
    )
)

FOLLOW_UPS = """
SELECT journey, key, entry, occurred_on AS held_on, status, point FROM follow_up_held
"""

_TOLD_OF_CLIENTS = ("gender", "birth_year", "municipality", "language")

_REGISTERED = once_or_again(
    "known_client_registered",
    f"client, key, occurred_on AS registered_on, {', '.join(_TOLD_OF_CLIENTS)}",
    "any_value(client), key, arg_max(occurred_on, entry), "
    + ", ".join(f"arg_max_null({name}, entry)" for name in _TOLD_OF_CLIENTS),
)

CLIENTS = f"""
WITH gone AS (SELECT key, min(occurred_on) AS erased_on FROM known_client_erased GROUP BY key),
same AS (
    SELECT key, arg_max_null(goes_by, entry) AS goes_by FROM (
        SELECT key, entry, CASE WHEN NOT survives THEN other END AS goes_by
        FROM known_clients_merged
        UNION ALL SELECT key, entry, NULL FROM known_clients_split
    ) GROUP BY key
)
SELECT client, goes_by, registered_on, gender, birth_year, municipality, language, erased_on
FROM ({_REGISTERED}) LEFT JOIN gone USING (key) LEFT JOIN same USING (key)
"""
"""Who a client is does not happen on a day: what is known is taken, whatever day is asked about."""

_DESTINATIONS = {
    "employment": "employed",
    "self-employment": "self-employed",
    "education-or-training": "student",
    "other-measure": "in-measure",
    "unemployed": "unemployed",
    "inactive": "inactive",
}

WORKING_LIFE = f"""
SELECT journey, key, told_on, entry, status, told_by FROM (
    SELECT journey, key, occurred_on AS told_on, entry, situation.employment AS status,
        'interview' AS told_by FROM intake_interview_held
    UNION ALL
    SELECT journey, key, occurred_on, entry, status, 'follow-up' FROM follow_up_held
    UNION ALL
    SELECT journey, key, first_day, entry, 'employed', 'period' FROM employment_period_recorded
    UNION ALL
    SELECT journey, key, first_day, entry, 'unemployed', 'period' FROM unemployment_period_recorded
    UNION ALL
    SELECT journey, key, occurred_on, entry, CASE destination {
    " ".join(f"WHEN '{code}' THEN '{status}'" for code, status in _DESTINATIONS.items())
} END, 'closing' FROM journey_closed
) WHERE status IS NOT NULL AND status != 'unknown'
"""

STOCK = """
WITH held AS (
    SELECT programme, organisation, phase, since, until
    FROM stays ANTI JOIN (SELECT key FROM handed_over) h USING (key)
    UNION ALL
    SELECT s.programme, h.organisation, s.phase,
        CASE WHEN h.begins THEN s.since ELSE greatest(s.since, h.since) END,
        least(s.until, h.until)
    FROM stays s JOIN handed_over h USING (key)
), own AS (
    SELECT coalesce(programme, '') AS programme, coalesce(organisation, '') AS organisation, phase,
        greatest(since, first) AS since, until
    FROM held WHERE since <= last AND (until IS NULL OR (until > since AND until > first))
), changes AS (
    SELECT programme, organisation, phase, day, sum(more) AS more FROM (
        SELECT programme, organisation, phase, since AS day, 1 AS more FROM own
        UNION ALL SELECT programme, organisation, phase, until, -1 FROM own WHERE until <= last
    ) GROUP BY ALL
), wanted AS (
    SELECT day, programme, organisation, phase
    FROM (SELECT DISTINCT programme, organisation, phase FROM changes), days(first, last)
)
SELECT day, nullif(programme, '') AS programme, nullif(organisation, '') AS organisation, phase,
    (sum(coalesce(more, 0)) OVER (PARTITION BY programme, organisation, phase ORDER BY day))::BIGINT
        AS journeys
FROM wanted LEFT JOIN changes USING (day, programme, organisation, phase)
"""

DERIVED_SQL: Mapping[str, str] = {
    "open_once": OPEN_ONCE,
    "open_again": OPEN_AGAIN,
    "stays": STAYS,
    "statuses": STATUSES,
    "handed_over": HANDED_OVER,
    "responsibilities": RESPONSIBILITIES,
    "services": SERVICES,
    "placements": PLACEMENTS,
    "periods": PERIODS,
    "money": MONEY,
    "follow_ups": FOLLOW_UPS,
    "clients": CLIENTS,
    "working_life": WORKING_LIFE,
}
"""The derived tables by name, and what only they are made from."""
