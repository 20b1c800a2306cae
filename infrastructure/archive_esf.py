"""The table `esf_participants`, in SQL: who counts by Regulation (EU) 2021/1057, Annex I.

One person counts once for an operation (a programme): the first accepted journey gives the start,
the last one's end the exit. The immediate result is what was told last from the day of leaving
until 28 days after it, or else the recorded period that covers that day. Six months after, a
period with both its days says it. A period that has no end yet gives way to what was told since it
began: where that was told before leaving, or upon it, nobody knows how things stand afterwards.
Where two journeys tell of one day, the one that was recorded later (`nth`) says what counts.
"""

_AT_START = """CASE employment_at_start
    WHEN 'employed' THEN 'employed' WHEN 'self-employed' THEN 'employed'
    WHEN 'unemployed' THEN 'unemployed' WHEN 'laid-off' THEN 'unemployed'
    WHEN 'in-measure' THEN 'unemployed'
    WHEN 'student' THEN 'inactive' WHEN 'inactive' THEN 'inactive' END"""
"""Who is laid off, or in a measure of employment policy, is a job-seeker; who studies full time is
not in the labour force."""

_AFTERWARDS = """CASE status
    WHEN 'employed' THEN 'employed' WHEN 'self-employed' THEN 'employed'
    WHEN 'unemployed' THEN 'unemployed' WHEN 'laid-off' THEN 'unemployed'
    WHEN 'in-measure' THEN 'unemployed'
    WHEN 'student' THEN 'in-training' WHEN 'inactive' THEN 'inactive' END"""

_WHAT = "CASE what WHEN 'employment' THEN 'employed' ELSE 'unemployed' END"

JOURNEY_COLUMNS = (
    *("client", "programme", "organisation", "accepted_on", "gender", "birth_year"),
    *("education", "municipality", "employment_at_start", "unemployed_since"),
    *("unemployed_since_earliest", "unemployed_since_latest", "months_unemployed_at_start"),
    *("disadvantages", "disadvantages_version"),
    *("closed_on", "end_state", "destination"),
)
"""The columns of journeys that participants are made from."""

_SAME_PERSON = """a.client IS NOT DISTINCT FROM s.client
        AND a.programme IS NOT DISTINCT FROM s.programme"""

_OF_FIRST = """f.client, f.programme, f.organisation, f.journey AS first_journey, f.gender,
        f.birth_year, f.accepted_on AS started_on,
        year(f.accepted_on) - f.birth_year AS age_at_start, f.education, f.municipality,
        f.employment_at_start, f.unemployed_since, f.unemployed_since_earliest,
        f.unemployed_since_latest, f.months_unemployed_at_start, f.disadvantages,
        f.disadvantages_version"""
"""What the first accepted journey tells of a person."""

ESF_PARTICIPANTS = f"""
WITH accepted AS (SELECT * FROM esf_journeys WHERE accepted_on IS NOT NULL), several AS (
    SELECT client, programme FROM accepted GROUP BY ALL HAVING count(*) > 1
), once AS (
    SELECT a.*, a.key AS id, closed_on AS left_on FROM accepted a ANTI JOIN several s
        ON {_SAME_PERSON}
), bounds AS (
    SELECT a.client, a.programme, arg_min(key, turn) AS id, arg_max(key, turn) AS last_key,
        list_sort(list(key)) AS keys,
        CASE WHEN bool_and(closed_on IS NOT NULL) THEN max(closed_on) END AS left_on
    FROM (SELECT *, by_day(accepted_on, key % 4294967296) AS turn FROM accepted) a
    SEMI JOIN several s ON {_SAME_PERSON}
    GROUP BY a.client, a.programme
), persons AS (
    SELECT {_OF_FIRST}, 1 AS journeys, f.id, f.left_on,
        f.journey AS last_journey, f.end_state, f.destination
    FROM once f
    UNION ALL
    SELECT {_OF_FIRST}, len(b.keys), b.id, b.left_on, l.journey, l.end_state, l.destination
    FROM bounds b JOIN accepted f ON f.key = b.id JOIN accepted l ON l.key = b.last_key
), taken AS (
    SELECT key, 1 AS nth, id, left_on FROM once
    UNION ALL
    SELECT unnest(keys), generate_subscripts(keys, 1), id, left_on FROM bounds
), own AS (
    SELECT *, (left_on + to_months(6))::DATE AS six_months_on FROM taken WHERE left_on IS NOT NULL
), told AS (
    SELECT id, arg_max(status, turn) FILTER (upon) AS at_leaving,
        max(turn) FILTER (since) AS since_turn, arg_max(status, turn) FILTER (since) AS since_on,
        max(told_on) FILTER (since) > any_value(left_on) + 28 AS late
    FROM (
        SELECT o.id, left_on, told_on, {_AFTERWARDS} AS status,
            by_day(told_on, in_person(nth, entry)) AS turn,
            told_on <= left_on + 28 AND told_on <= coalesce(day_asked(), told_on) AS upon,
            told_by != 'period' AND told_on <= six_months_on + 28 AS since
        FROM own o JOIN working_life w ON w.key = o.key AND w.told_on >= o.left_on
    ) GROUP BY id
), lasting AS (
    SELECT o.*, p.what, p.last_day, by_day(p.first_day, in_person(nth, p.entry)) AS turn,
        p.first_day <= left_on AND coalesce(p.last_day >= left_on, true) AS leaving,
        p.first_day <= six_months_on AND coalesce(p.last_day >= six_months_on, true) AS later
    FROM own o JOIN periods p ON p.key = o.key
    WHERE p.what IN ('employment', 'unemployment')
), covering AS (
    SELECT id, arg_max({_WHAT}, turn) FILTER (leaving) AS leaving,
        max(turn) FILTER (leaving) AS leaving_turn,
        arg_max(last_day IS NULL, turn) FILTER (leaving) AS leaving_lasts,
        arg_max({_WHAT}, turn) FILTER (later AND last_day IS NOT NULL) AS later,
        max(turn) FILTER (later AND last_day IS NULL) AS open_turn,
        arg_max({_WHAT}, turn) FILTER (later AND last_day IS NULL) AS open
    FROM lasting GROUP BY id
), before AS (
    SELECT o.id, max(by_day(told_on, in_person(nth, entry))) AS turn,
        arg_max({_AFTERWARDS}, by_day(told_on, in_person(nth, entry))) AS status
    FROM own o JOIN working_life w ON w.key = o.key AND w.told_on < o.left_on
        AND w.told_by != 'period'
    SEMI JOIN (SELECT id FROM covering WHERE open_turn IS NOT NULL) c ON c.id = o.id
    GROUP BY o.id
), awarded AS (
    SELECT id, count(*) AS certificates FROM certificate_awarded JOIN taken USING (key)
    WHERE left_on IS NULL OR occurred_on <= left_on + 28
    GROUP BY id
)
SELECT client, programme, organisation, journeys, first_journey, last_journey, gender, birth_year,
    started_on, age_at_start, education, municipality, {_AT_START} AS status_at_start,
    employment_at_start AS told_at_start, unemployed_since, unemployed_since_earliest,
    unemployed_since_latest, months_unemployed_at_start AS months_unemployed, disadvantages,
    disadvantages_version, left_on,
    CASE WHEN left_on IS NOT NULL THEN end_state END AS end_state,
    CASE WHEN left_on IS NOT NULL THEN destination END AS destination,
    coalesce(certificates, 0) AS certificates,
    coalesce(at_leaving, CASE WHEN leaving_lasts AND later(b.turn, leaving_turn)
        AND b.status != c.leaving THEN NULL ELSE c.leaving END) AS status_at_leaving,
    (left_on + to_months(6))::DATE AS six_months_on,
    coalesce(c.later, CASE WHEN later(open_turn, coalesce(since_turn, b.turn))
        OR c.open = coalesce(since_on, b.status) THEN c.open
        WHEN late THEN since_on END) AS status_after_six_months
FROM persons LEFT JOIN told USING (id) LEFT JOIN covering c USING (id) LEFT JOIN before b USING (id)
LEFT JOIN awarded USING (id)
"""
