"""What people write: short reasons and notes, as a case worker would put them."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.facts import EmploymentStatus

DECLINED = (
    "another service already has the client in hand",
    "the client does not want to take part",
    "the referral was meant for another programme",
)
NOT_IN_GROUP = (
    "does not belong to the client group",
    "the conditions of the programme are not met",
)
EXISTING_PLAN = (
    "employment plan: search for work in the region, update of skills",
    "employment plan: work try-out, then wage-subsidised work",
    "employment plan: find a field to study",
)
NEED_DEFINITION = (
    "support in the search for work and in choosing a field",
    "vocational skills need updating, support in everyday matters",
)
INTERVIEW = (
    "motivated, unsure about the direction",
    "would like to work with people",
    "long break since the last job, wants to begin in small steps",
    "knows the field, lacks a certificate",
    "health sets limits to heavy work",
    "looks for part-time work at first",
    "",
)
NEEDS = ("agreed in talk with the client", "")
STRENGTHS = ("reliable", "good with customers", "hands-on skills", "learns fast", "patient")
DEVELOPMENT = ("digital skills", "language", "confidence", "job-search skills", "stamina")
EVIDENCE = ("certificate of work", "shown in practice", "told at the interview", "school report")
GOALS = (
    "find out whether the field is right",
    "a job search that works",
    "skills that employers ask for",
    "first steps in a workplace",
    "a certificate in hand",
    "strength for a full week",
)
REVISED = (
    "the training that was planned is not offered this term",
    "the client has found a new direction",
    "an employer turned up sooner than planned",
    "health: the steps are taken more slowly",
)
DROPPED = ("no longer needed", "the client has decided otherwise", "not offered near enough")
SERVICE_DECLINED = (
    "too far to travel",
    "no seat left",
    "the client would rather look for work",
    "the times do not fit with the care of children",
)
INTERRUPTED = ("illness", "did not come back", "found work", "the course was called off")
ABSENCES = ("illness", "child-ill", "unexcused", "appointment")
RESULTS = ("reached", "reached-in-part", "reached", "not-reached")
PLACEMENT_NOTES = (
    "goes well, the tutor is content",
    "tasks were made lighter for a while",
    "learns fast, takes on more",
    "absences were talked over",
)
PLACEMENT_ENDED = ("as agreed", "ended by the employer", "ended by the client", "moved to a job")
NOTHING_CAME = ("the employer withdrew", "the client fell ill before the start")
ADVICE = ("law-of-taking-on", "insurance", "wage-subsidy", "working-time", "workplace-adaptation")
FOLLOW_UP: Mapping[EmploymentStatus, tuple[str, ...]] = MappingProxyType(
    {
        EmploymentStatus.EMPLOYED: ("still in work, doing well", "has found work", ""),
        EmploymentStatus.IN_MEASURE: ("goes on as agreed", "wants to stay there", ""),
        EmploymentStatus.STUDENT: ("studies began", "studies go well"),
        EmploymentStatus.UNEMPLOYED: (
            "looks for work again",
            "needs somebody to call from time to time",
            "",
        ),
    }
)
"""What is noted at a follow-up, by how the client fares."""

HANDOVER = (
    "the client has moved",
    "the next services lie with the other organisation",
    "competence services are wanted next",
    "agreed in the joint process",
)
BRIEF = ("plan and interview are up to date", "the employer is informed", "")
HANDOVER_DECLINED = ("no capacity this month", "the services needed lie with the asking side")
PAUSED = ("illness", "parental leave", "treatment", "seasonal work", "travel for family reasons")
EXEMPTED = ("", "agreed by telephone")
MOVED = ("the client asked for another day", "illness of the case worker", "holiday season")
TOLD_WRONGLY = ("the date was told wrongly", "checked against the register of the office")
WRONG_DAY = ("recorded for the wrong day",)
WRONG_HOURS = ("hours were typed wrongly",)
MISTAKEN = ("recorded for the wrong client", "recorded twice")
REVIEWED = ("the decision would have been the same", "looked at again with the team")
NOT_UPHELD = ("would have been decided otherwise: talked over with the client",)
OVERRIDDEN = (
    "a seat was free now; what is missing follows within two weeks",
    "agreed by telephone with the referring office",
    "the employer could begin at once",
)
ADOPTED = ("the client gains by the new version", "agreed when the version came into force")
CLOSED_EARLY = (
    "did not come to the meetings any more",
    "moved to another town",
    "health did not allow it",
    "found work of his or her own",
)
CANCELLED = ("never came to the interview", "withdrew before the start")
CLOSED = ("the plan was carried through", "")
REOPENED = ("the job ended after a short time", "the client came back")
REMARKS = (
    "being listened to helped most",
    "more places near home, please",
    "the meetings could be shorter",
    "good to have one person to call",
)
