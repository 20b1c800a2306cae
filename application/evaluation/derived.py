"""The derived tables: what the entries of the journeys come to at the moment that is asked about.

Where a day comes to be known only later, or never was told, the column is NULL: nothing is guessed.
"""

from application.evaluation.schema import Column, Table

_TEXT, _DAY, _WHOLE, _NUMBER, _YES = "VARCHAR", "DATE", "BIGINT", "DOUBLE", "BOOLEAN"

_JOURNEY = (Column("journey", _TEXT, "the journey's id"),)
_KEY = (Column("key", _WHOLE, "a number for the journey, to join by"),)

_SPELL = (
    Column(
        "unemployed_since_earliest",
        _DAY,
        "the same, or else the first day on which a spell can have begun whose whole months a "
        "verdict tells",
    ),
    Column(
        "unemployed_since_latest",
        _DAY,
        "the same, or else the last day on which such a spell can have begun",
    ),
)

JOURNEYS = Table(
    "journeys",
    "One row for each journey.",
    (
        *_JOURNEY,
        *_KEY,
        Column("client", _TEXT, "the client's id; the one that the person goes by, after a merge"),
        Column("programme", _TEXT, "the programme's code"),
        Column("definition_version", _WHOLE, "the version of the definition it goes by"),
        Column("organisation", _TEXT, "the organisation responsible for the journey"),
        Column("responsible_organisation", _TEXT, "the same"),
        Column("responsible_person", _TEXT, "who answers for it, an id of staff; NULL: nobody yet"),
        Column("referred_to", _TEXT, "the organisation that the client was referred to"),
        Column("referred_by", _TEXT, "the organisation that the client was referred from"),
        Column("channel", _TEXT, "the channel of the referral, a code"),
        Column("service_line", _TEXT, "the service line, as the needs or else the referral say"),
        Column("referred_on", _DAY, "the day of the referral"),
        Column("accepted_on", _DAY, "the day it was accepted; NULL: it was not"),
        Column("declined_on", _DAY, "the day it was declined last"),
        Column("eligible", _YES, "the last verdict on eligibility"),
        Column("assessed_on", _DAY, "the day of that verdict"),
        Column(
            "gender",
            _TEXT,
            "the client's gender, as registered; of a merged person by the id that the person goes "
            "by, or else by another",
        ),
        Column("birth_year", _WHOLE, "the client's year of birth, so too"),
        Column("language", _TEXT, "the client's language"),
        Column("started_on", _DAY, "the day it was accepted, or else referred"),
        Column("age_at_start", _WHOLE, "the year of `started_on` less the year of birth"),
        Column("municipality", _TEXT, "as first told in the journey, or else as registered"),
        Column("education", _WHOLE, "the highest level by ISCED 2011 (0 to 8), as first told"),
        Column(
            "employment_at_start",
            _TEXT,
            "the status in working life, as first told by an interview, or where that did not know "
            "by a verdict, which tells of unemployment also by its days or months; NULL: not known",
        ),
        Column(
            "unemployed_since",
            _DAY,
            "since when unemployed, as first told, be it by the days of a verdict",
        ),
        *_SPELL,
        Column(
            "months_unemployed_at_start",
            _WHOLE,
            "whole months unemployed on `started_on`, where they are the same from either of these "
            "days; NULL: not told",
        ),
        Column("student_in_last_phase", _YES, "as first told"),
        Column("finished_vocational_school", _YES, "as first told"),
        Column("threatened_by_unemployment", _YES, "as first told"),
        Column("unemployed_after_measure", _YES, "as first told"),
        Column("at_risk_of_structural_unemployment", _YES, "as first told"),
        Column("needs_more_guidance", _YES, "as first told"),
        Column("disadvantages", "VARCHAR[]", "disadvantages, codes, as first told"),
        Column(
            "disadvantages_version",
            _WHOLE,
            "the version of the definition that it went by when they were told",
        ),
        Column("interviewed_on", _DAY, "the day of the first intake interview"),
        Column("review_started_on", _DAY, "the day the last competence review began"),
        Column("review_completed_on", _DAY, "the day it was completed"),
        Column("plan_agreed_on", _DAY, "the day the plan in force was agreed"),
        Column("plan_revisions", _WHOLE, "how many plans were agreed"),
        Column("phase", _TEXT, "the phase entered last; NULL: none yet"),
        Column("phase_since", _DAY, "the day it was entered"),
        Column("status", _TEXT, "not-begun, referred, declined, open, paused or closed"),
        Column("closed_on", _DAY, "the day it ended; NULL: it has not"),
        Column("end_state", _TEXT, "the end state, a code"),
        Column("destination", _TEXT, "where the client went, a code"),
        Column("services", _WHOLE, "services that were proposed or more"),
        Column("services_started", _WHOLE, "services that have started, and those that ended then"),
        Column("services_completed", _WHOLE, "services that were completed"),
        Column("certificates", _WHOLE, "certificates awarded"),
        Column("placements", _WHOLE, "placements that were proposed or more"),
        Column("placements_started", _WHOLE, "placements that have started, ended ones included"),
        Column("placement_started_on", _DAY, "the first day of the first placement"),
        Column("grants_paid", "DECIMAL(38,4)", "the sum of grants paid, whatever the currency"),
        Column("follow_ups", _WHOLE, "follow-ups that were held"),
        Column("feedback", _WHOLE, "how often feedback was given"),
        Column("competences", _WHOLE, "competences recorded, each concept once"),
        Column("team_size", _WHOLE, "members of the team who have not left"),
    ),
)

STAYS = Table(
    "stays",
    "One row for each stretch of days in a phase; a second one where a reopening goes on with it.",
    (
        *_JOURNEY,
        *_KEY,
        Column("programme", _TEXT, "the programme's code"),
        Column("organisation", _TEXT, "the organisation responsible for the journey now"),
        Column("entry", _WHOLE, "the entry (version) that entered the phase"),
        Column("phase", _TEXT, "the phase, a code"),
        Column("since", _DAY, "the first day"),
        Column(
            "until",
            _DAY,
            "the day it was left (not included): for the next phase, or by closing the journey; "
            "NULL: it lasts",
        ),
        Column("reopened", _YES, "whether it goes on because the journey was reopened"),
    ),
)

STATUSES = Table(
    "statuses",
    "One row for each stretch of days in a status.",
    (
        *_JOURNEY,
        *_KEY,
        Column("entry", _WHOLE, "the entry (version) that began it"),
        Column("status", _TEXT, "referred, declined, open, paused or closed"),
        Column("since", _DAY, "the first day"),
        Column("until", _DAY, "the day of the next status (not included); NULL: it lasts"),
    ),
)

RESPONSIBILITIES = Table(
    "responsibilities",
    "One row for each time that an organisation, or another person of it, became responsible.",
    (
        *_JOURNEY,
        *_KEY,
        Column("entry", _WHOLE, "the entry (version) that says so"),
        Column("organisation", _TEXT, "the organisation responsible"),
        Column("person", _TEXT, "who answers for the journey; NULL: nobody yet"),
        Column("since", _DAY, "the first day"),
        Column("until", _DAY, "the day of the next one (not included); NULL: it lasts"),
    ),
)

SERVICES = Table(
    "services",
    "One row for each service of a client, by its reference.",
    (
        *_JOURNEY,
        *_KEY,
        Column("reference", _TEXT, "what tells it from others of the journey"),
        Column("service", _TEXT, "the service's code"),
        Column("provider", _TEXT, "who provides it"),
        Column("status", _TEXT, "proposed, accepted, declined, started, interrupted or completed"),
        Column("proposed_on", _DAY, "the day it was proposed"),
        Column("started_on", _DAY, "the day it started"),
        Column("ended_on", _DAY, "the day it was declined, interrupted or completed"),
        Column("hours", _NUMBER, "hours attended, or those that its completion says"),
        Column("absences", _WHOLE, "absences"),
        Column("result", _TEXT, "the result, a code"),
    ),
)

PLACEMENTS = Table(
    "placements",
    "One row for each placement of a client, by its reference.",
    (
        *_JOURNEY,
        *_KEY,
        Column("reference", _TEXT, "what tells it from others of the journey"),
        Column("employer", _TEXT, "the employer"),
        Column("form", _TEXT, "the form, a code"),
        Column("status", _TEXT, "proposed, agreed, started or ended"),
        Column("proposed_on", _DAY, "the day it was proposed"),
        Column("agreed_on", _DAY, "the day it was agreed"),
        Column("started_on", _DAY, "the first day"),
        Column("ended_on", _DAY, "the day it ended"),
        Column("reviews", _WHOLE, "how often it was reviewed"),
    ),
)

PERIODS = Table(
    "periods",
    "One row for each period of work, unemployment or benefit: of two records of one first day, "
    "the newer, but for two benefits.",
    (
        *_JOURNEY,
        *_KEY,
        Column("entry", _WHOLE, "the entry (version) that says so"),
        Column("what", _TEXT, "employment, unemployment or benefit"),
        Column("first_day", _DAY, "the first day"),
        Column("last_day", _DAY, "the last day (included); NULL: it lasts"),
        Column("kind", _TEXT, "its kind, a code"),
        Column("paid_days", _WHOLE, "the days that were paid in it"),
    ),
)

MONEY = Table(
    "money",
    "One row for each amount for a placement.",
    (
        *_JOURNEY,
        *_KEY,
        Column("entry", _WHOLE, "the entry (version) that says so"),
        Column("kind", _TEXT, "grant-awarded, grant-paid or wage-subsidy"),
        Column("occurred_on", _DAY, "the day it happened"),
        Column("reference", _TEXT, "the placement's reference"),
        Column("amount", "DECIMAL(38,4)", "the amount"),
        Column("currency", _TEXT, "the currency, an ISO 4217 code"),
        Column("payer", _TEXT, "who pays"),
        Column("first_day", _DAY, "the first day that it is for"),
        Column("last_day", _DAY, "the last day that it is for (included)"),
    ),
)

FOLLOW_UPS = Table(
    "follow_ups",
    "One row for each follow-up that was held.",
    (
        *_JOURNEY,
        *_KEY,
        Column("entry", _WHOLE, "the entry (version) that says so"),
        Column("held_on", _DAY, "the day it was held"),
        Column("status", _TEXT, "the client's status in working life"),
        Column("point", _TEXT, "the point of the follow-up calendar"),
    ),
)

CLIENTS = Table(
    "clients",
    "One row for each client who was registered, without who it is.",
    (
        Column("client", _TEXT, "the client's id"),
        Column(
            "goes_by", _TEXT, "the id that the person goes by, where it was merged into another"
        ),
        Column("registered_on", _DAY, "the day of the registration"),
        Column("gender", _TEXT, "the gender, a code of the place"),
        Column("birth_year", _WHOLE, "the year of birth"),
        Column("municipality", _TEXT, "the municipality, a code of the place"),
        Column("language", _TEXT, "the language, an ISO 639 code"),
        Column("erased_on", _DAY, "the day who it is was erased; NULL: it was not"),
    ),
)

WORKING_LIFE = Table(
    "working_life",
    "One row for each day on which a client's status in working life was told, or follows from a "
    "recorded period or the journey's end.",
    (
        *_JOURNEY,
        *_KEY,
        Column("told_on", _DAY, "the day of which it is told"),
        Column("entry", _WHOLE, "the entry (version) that says so"),
        Column("status", _TEXT, "unemployed, employed and so on, as in the vocabulary"),
        Column("told_by", _TEXT, "interview, follow-up, period or closing"),
    ),
)

ESF_PARTICIPANTS = Table(
    "esf_participants",
    "One row for each client and programme (an operation of ESF+): who enters again keeps the data "
    "of the first start, and the exit moves.",
    (
        Column("client", _TEXT, "the client's id"),
        Column("programme", _TEXT, "the programme's code"),
        Column("organisation", _TEXT, "the organisation responsible for the first journey"),
        Column("journeys", _WHOLE, "how many journeys were accepted"),
        Column("first_journey", _TEXT, "the journey accepted first"),
        Column("last_journey", _TEXT, "the journey accepted last"),
        Column("gender", _TEXT, "the gender, as registered"),
        Column("birth_year", _WHOLE, "the year of birth"),
        Column("started_on", _DAY, "the day the first journey was accepted"),
        Column("age_at_start", _WHOLE, "the year of `started_on` less the year of birth"),
        Column("education", _WHOLE, "the highest level by ISCED 2011 at the start"),
        Column("municipality", _TEXT, "as told at the start, or else as registered"),
        Column("status_at_start", _TEXT, "unemployed, inactive or employed; NULL: not told"),
        Column("told_at_start", _TEXT, "the status in working life as it was told then"),
        Column("unemployed_since", _DAY, "since when unemployed at the start"),
        *_SPELL,
        Column("months_unemployed", _WHOLE, "whole months unemployed at the start; NULL: not told"),
        Column("disadvantages", "VARCHAR[]", "disadvantages, codes, as told at the start"),
        Column(
            "disadvantages_version",
            _WHOLE,
            "the version of the definition that the first journey went by when they were told",
        ),
        Column("left_on", _DAY, "the day the last journey ended; NULL: one goes on"),
        Column("end_state", _TEXT, "the end state of the last journey"),
        Column("destination", _TEXT, "the destination of the last journey"),
        Column("certificates", _WHOLE, "certificates awarded up to 28 days after leaving"),
        Column(
            "status_at_leaving",
            _TEXT,
            "the status as last told from the day of leaving until 28 days after it, or else of a "
            "recorded period that covers that day, and if it lasts, nothing else was told since it "
            "began: unemployed, inactive, in-training or employed; NULL: not told",
        ),
        Column("six_months_on", _DAY, "the day six months after leaving"),
        Column(
            "status_after_six_months",
            _TEXT,
            "the status six months after leaving: of a recorded period that covers the day and has "
            "ended, or else as last told later than 28 days after leaving, until 28 days after the "
            "day, or by a period that lasts, if nothing else was told since it began; NULL: not "
            "told",
        ),
    ),
)

DERIVED = (
    JOURNEYS,
    STAYS,
    STATUSES,
    RESPONSIBILITIES,
    SERVICES,
    PLACEMENTS,
    PERIODS,
    MONEY,
    FOLLOW_UPS,
    CLIENTS,
    WORKING_LIFE,
    ESF_PARTICIPANTS,
)
"""The derived tables, in the order in which they are documented."""

DAYS = "days(first, last): one row for each day from the first to the last, both included"
STOCK = (
    "stock(first, last): for each of those days, programme, organisation (responsible on that day) "
    "and phase how many journeys were in it and not closed: day, programme, organisation, phase, "
    "journeys"
)
FUNCTIONS = (DAYS, STOCK)
"""What can be asked like a table, with days as parameters: FROM days(DATE '2025-01-01', ...)."""
