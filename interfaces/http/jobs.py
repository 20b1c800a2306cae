"""What evaluators ask is made as a job: how one is asked for, told, fetched and broken off."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import Annotated, Any, BinaryIO, Literal, TypeAlias

import structlog
from fastapi import Path, Response
from fastapi.responses import StreamingResponse

from application.evaluation.refusals import NotAnswered
from application.jobs import (
    DIED,
    FAULT,
    GOING,
    CannotDo,
    Doing,
    Job,
    State,
    TooManyJobs,
    Work,
    file_in,
    may_look,
    owner_of,
)
from application.local_time import instant_meant, zone_of
from application.permissions import Denied, NotAllowed, may_evaluate
from application.plainly import plain, spoken
from application.programmes import NotPublished
from application.questions import CaseQuery
from application.scope import Purpose, Role, Scope
from domain.wording import in_language, said, wording_of
from interfaces.bootstrap import Unusable
from interfaces.evaluating import Evaluating
from interfaces.http.answering import problem_of
from interfaces.http.clocks import Clocks, Told
from interfaces.http.context import Here
from interfaces.http.language import DEFAULT, LANGUAGES
from interfaces.http.problems import (
    NO_RESULT,
    RATE,
    UNAVAILABLE,
    UNKNOWN_JOB,
    UNKNOWN_PROGRAMME,
    UNREADABLE,
    Problem,
)
from interfaces.http.reading import require, tongue_of
from interfaces.http.titles import newest_definition

CHUNK = 2**18
AGAIN_SECONDS = 30
"""After how many seconds it is worth asking again where as many jobs wait as may."""

JOB_ID: dict[str, Any] = {
    "pattern": "^[0-9a-f]{32}$",
    "description": "The id of the job, as it was answered.",
}
"""How the id of a job is written in an address."""

JobId: TypeAlias = Annotated[str, Path(**JOB_ID)]

ANSWERS: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "It is being made.",
        "headers": {
            "Location": {
                "description": "Where it tells how it stands.",
                "schema": {"type": "string"},
            }
        },
    }
}
"""How an endpoint answers that begins a job."""

FIXED = {str(one): one for one in (DIED, FAULT)}
"""What is said of a job that failed, whoever asked for it."""


class JobLinks(Told):
    """What can be asked of a job next."""

    self: str
    """How it stands."""
    result: str | None
    """What came of it; null until it is done."""


class JobTold(Told):
    """How a job stands. It is kept for a day after it was asked for."""

    id: str
    """The id of the job."""
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    """How it stands: it waits or runs, and ends in one of the others."""
    asked_at: datetime
    """The instant (UTC) at which it was asked for."""
    ended_at: datetime | None
    """The instant (UTC) at which its work ended; null until then."""
    done: int
    """How far it is, in steps of its own."""
    all: int | None
    """How many steps there are; null where nobody can tell yet."""
    problem: str | None
    """What went wrong, and what to do next; null where nothing did."""
    links: JobLinks
    """What can be asked next."""


class OfProgramme(Clocks):
    """Of which programme something is wanted, and at which moment."""

    def known(
        self, here: Here, programme: str | None, *, unpublished: bool = False
    ) -> datetime | None:
        """Return the instant that is meant: a day's end is that of the programme's time zone.

        Raises Problem where there is no such programme. `unpublished`: one that nobody published is
        there, too, once a journey is of it, as those that were brought in from another system are.
        """
        found = newest_definition(here, programme) if programme else None
        if programme and found is None and not (unpublished and _has_journeys(here, programme)):
            raise Problem(UNKNOWN_PROGRAMME, said("see GET /programmes for those there are"))
        return instant_meant(self.known_at, zone_of(found))


def _has_journeys(here: Here, programme: str) -> bool:
    """Whether the lists have a journey of a programme: who manages it would see that."""
    manager = Scope(
        *(here.scope.person, Role.PROGRAMME_MANAGER, here.scope.organisation, Purpose.EVALUATION),
        programmes=frozenset({programme}),
    )
    return bool(here.parts.views.caseload(manager, CaseQuery(open=None, limit=1)).items)


def require_evaluating(here: Here, code: str, programme: str | None) -> Evaluating:
    """Return what it is made with, where the person may ask it of the programme (None: of all).

    Raises NotAllowed, and Problem where this service makes none.
    """
    denied = may_evaluate(here.scope, code, programme)
    if denied is not None:
        raise NotAllowed(denied)
    return _evaluating(here)


def begin(
    here: Here, kind: str, work: Work, response: Response, *, programme: str | None
) -> JobTold:
    """Begin a job of a programme (None: of all), and say where it tells how it stands.

    Raises Problem where as many wait as may.
    """
    try:
        owner, jobs = owner_of(here.scope), _evaluating(here).jobs
        job = jobs.begin(kind, owner, _plainly(here, work), programme)
    except TooManyJobs as error:
        if error.own:
            detail = said("you have {most} that are not done: wait, or cancel one", most=error.most)
        else:
            detail = said("{most} wait to be made already: try again later", most=error.most)
        again = {"Retry-After": str(AGAIN_SECONDS)}
        raise Problem(RATE if error.own else UNAVAILABLE, detail, headers=again) from error
    response.headers["Location"] = _place(job)
    return job_told(here, job)


def kept_as(here: Here, name: str, told: object, doing: Doing) -> FilePath:
    """Keep what came of a job as JSON, in each language in which it says something otherwise.

    So it is told to each who may look in a language of theirs. Returns its file.
    """
    out, value = doing.folder / name, plain(told)
    for language in LANGUAGES:
        said_so = spoken(value, here.parts.translations(language))
        file = out if language == DEFAULT else doing.folder / file_in(language, name)
        if language == DEFAULT or said_so != value:
            file.write_text(json.dumps(said_so, ensure_ascii=False), encoding="utf-8")
    return out


def job_of(here: Here, kind: str, job: str) -> Job:
    """Return a job of a kind. Raises Problem where there is none for the person, or no more."""
    require(here, kind)
    found = _evaluating(here).jobs.look(job)
    if found is None or found.kind != kind or not may_look(here.scope, found):
        raise Problem(UNKNOWN_JOB, said("it is kept for a day: ask for it again"))
    return found


def cancelled(here: Here, kind: str, job: str) -> JobTold:
    """Break a job off, and tell how it stands.

    Raises as `job_of`, and NotAllowed for an auditor who did not ask for it.
    """
    if job_of(here, kind, job).owner != owner_of(here.scope):
        raise NotAllowed(Denied.ROLE)
    _evaluating(here).jobs.cancel(job)
    return job_told(here, job_of(here, kind, job))


@contextmanager
def result(here: Here, kind: str, job: str) -> Iterator[BinaryIO]:
    """Open what came of a job. Raises as `job_of`, and Problem where nothing did."""
    with _opened(here, job_of(here, kind, job)) as file:
        yield file


def sent(here: Here, job: Job, media_type: str) -> Response:
    """Return what came of a job as an answer, bit by bit, in the language that was asked for.

    Raises Problem where nothing did.
    """
    file = _opened(here, job)

    def bits() -> Iterator[bytes]:
        with file:
            while bit := file.read(CHUNK):
                yield bit

    size = os.fstat(file.fileno()).st_size
    headers = {**named(job.file), "Content-Length": str(size)}
    return StreamingResponse(bits(), headers=headers, media_type=media_type)


def named(file: str) -> dict[str, str]:
    """Return the header that says what a file is called when it is saved."""
    return {"Content-Disposition": f'attachment; filename="{file}"'}


def job_told(here: Here, job: Job) -> JobTold:
    """Return how a job stands, in the language that was asked for."""
    place, failed = _place(job), job.state is State.FAILED
    return JobTold(
        id=job.id,
        state=job.state.value,
        asked_at=job.asked_at.astimezone(UTC),
        ended_at=job.ended_at and job.ended_at.astimezone(UTC),
        done=job.done,
        all=job.all or None,
        problem=_failure(here, job) if failed else None,
        links=JobLinks(self=place, result=f"{place}/result" if job.file else None),
    )


def _opened(here: Here, job: Job) -> BinaryIO:
    file: BinaryIO | None = _evaluating(here).jobs.result(job, here.language) if job.file else None
    if file is None:
        if job.state in GOING:
            detail: str = said("it is not ready yet: ask again in a moment")
        elif job.state is State.FAILED:
            detail = _failure(here, job)
        else:
            detail = said("it was cancelled: ask for it again")
        raise Problem(NO_RESULT, detail, state=job.state.value)
    return file


def _failure(here: Here, job: Job) -> str:
    told = job.failures.get(here.language, job.failure)
    return in_language(FIXED.get(told, told), tongue_of(here))


def _evaluating(here: Here) -> Evaluating:
    found = here.parts.evaluating
    if found is None:
        raise Problem(UNAVAILABLE, said("this service makes no reports"))
    return found


def _place(job: Job) -> str:
    return f"/{job.kind}s/{job.id}"


def _plainly(here: Here, work: Work) -> Work:
    """Return the work, which says in every language why it cannot be done."""

    def cannot(why: str) -> CannotDo:
        others = {x: in_language(why, here.parts.translations(x)) for x in LANGUAGES}
        return CannotDo(str(why), others)

    def done(doing: Doing) -> Any:
        try:
            return work(doing)
        except (NotAnswered, NotPublished) as error:
            raise cannot(wording_of(error)) from error
        except Exception as error:
            detail = _not_served(error)
            if detail is None:
                raise
            structlog.get_logger().error("job-not-served", failure=error)
            raise cannot(detail) from error

    return done


def _not_served(error: Exception) -> str | None:
    """Return what to say where the disk, database, log or archive failed; None: a fault of ours.

    What failed may be told by another failure, which names folders of the service.
    """
    cause: BaseException | None = error
    while isinstance(cause, Exception):
        problem = problem_of(cause)
        if problem.kind is UNAVAILABLE:
            return problem.detail
        if problem.kind is UNREADABLE:
            return said(
                "an entry of the log cannot be read: whoever runs the service sees which one with "
                "`polku export parquet`"
            )
        cause = cause.__cause__
    if isinstance(error, Unusable):
        return said(
            "the archive cannot be asked just now: whoever runs the service sees why with "
            "`polku report`"
        )
    return None
