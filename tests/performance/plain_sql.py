"""What one would ask PostgreSQL itself, in SQL over the table of events.

What was corrected or retracted still counts, and there is no day or instant that was known at.
"""

STOCK_OF_ROWS = """
WITH moves AS (
    SELECT CASE name WHEN 'phase-entered' THEN convert_from(body, 'UTF8')::json ->> 'phase' END
            AS phase, occurred_on AS since,
        lead(occurred_on) OVER (PARTITION BY stream ORDER BY occurred_on, version) AS until
    FROM events WHERE name IN ('phase-entered', 'journey-closed')
), changes AS (
    SELECT phase, greatest(day, '2025-01-01') AS day, sum(change) AS change FROM (
        SELECT phase, since AS day, 1 AS change FROM moves WHERE phase IS NOT NULL
        UNION ALL SELECT phase, until, -1 FROM moves WHERE phase IS NOT NULL AND until IS NOT NULL
    ) each GROUP BY 1, 2
)
SELECT d.day, p.phase, sum(c.change) OVER (PARTITION BY p.phase ORDER BY d.day)
FROM (SELECT to_char(d, 'YYYY-MM-DD') AS day
    FROM generate_series(timestamp '2025-01-01', '2025-12-31', '1 day') d) d
CROSS JOIN (SELECT DISTINCT phase FROM changes) p
LEFT JOIN changes c ON c.phase = p.phase AND c.day = d.day ORDER BY 1, 2
"""
"""How many journeys were in each phase on each of 365 days."""

PARTICIPANTS = """
WITH referred AS (
    SELECT stream, convert_from(body, 'UTF8')::json AS told FROM events
    WHERE name = 'referral-made'
), clients AS (
    SELECT substr(stream, 8) AS client, convert_from(body, 'UTF8')::json ->> 'gender' AS gender
    FROM events WHERE name = 'client-registered'
)
SELECT gender, told ->> 'to_organisation', count(DISTINCT client)
FROM referred JOIN (SELECT DISTINCT stream FROM events WHERE name = 'referral-accepted') a
    USING (stream) JOIN clients ON client = told ->> 'client'
GROUP BY GROUPING SETS ((), (1), (2), (1, 2))
"""
"""The first of the 23 indicators of the ESF+, by gender and organisation."""
