"""A journey and its proofs in one file, for somebody who has no Polku."""

from fastapi import APIRouter, Response

from application.audit.bundle import NotProven, TooLarge
from domain.wording import said
from interfaces.http.context import Asking
from interfaces.http.forms import content_of
from interfaces.http.problems import INVALID, UNAVAILABLE, Problem
from interfaces.http.reading import JourneyId, reach_entries

router = APIRouter(tags=["audit"])


@router.get(
    "/audit/journeys/{journey}/bundle",
    summary="A journey with its proofs in one file",
    response_class=Response,
    responses={
        200: {
            "description": "A zip file: every entry with its proof, the signed checkpoint, and a "
            "README that says how it is verified without Polku.",
            "content": content_of(["application/zip"]),
        }
    },
)
def audit_bundle(journey: JourneyId, here: Asking) -> Response:
    """Make the bundle of a journey, and verify it as anybody would; it holds personal data.

    The checkpoint in it is given out and kept. Have the log's key from whoever keeps the log.
    """
    found = reach_entries(here, journey, "audit-bundle")
    try:
        made = here.parts.bundle(journey, here.language)
    except TooLarge as error:
        detail = said(
            "the journey has more entries than a bundle holds: have `polku audit verify` run on "
            "the database itself"
        )
        raise Problem(INVALID, detail) from error
    except NotProven as error:
        detail = said(
            "no bundle can be made just now: whoever runs the service sees why with "
            "`polku audit bundle` and `polku audit verify`"
        )
        raise Problem(UNAVAILABLE, detail) from error
    here.note_entries("audit-bundle", journey, found, found.entries)
    named = {"Content-Disposition": 'attachment; filename="journey-bundle.zip"'}
    return Response(made.data, headers=named, media_type="application/zip")
