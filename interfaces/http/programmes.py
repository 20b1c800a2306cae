"""Programmes: the service models, their versions, and what a version says in titles."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from application.local_time import zone_of
from application.programmes import NotPublished
from domain.calendar import Span
from domain.definition import Definition, Rule, Title
from domain.programme.state import Programme
from domain.wording import Tongue, in_language, said, titled, worded
from interfaces.http.clocks import Question
from interfaces.http.context import Asking, Here
from interfaces.http.headers import HAS_ETAG
from interfaces.http.journey_models import Coded
from interfaces.http.problems import UNKNOWN_PROGRAMME, Problem
from interfaces.http.programme_models import (
    DeadlineRuleTold,
    DefinitionPage,
    EligibilityRule,
    EndStateTold,
    FrameTold,
    Participating,
    PhaseTold,
    PointTold,
    Programmes,
    ProgrammeTold,
    QuestionnaireTold,
    RuleText,
    ServiceOffered,
    SpanTold,
    TakingPart,
    TargetTold,
    VersionTold,
)
from interfaces.http.reading import Code, Cursor, Limit, require, tongue_of

router = APIRouter(tags=["programmes"])


class ProgrammesQuery(Question):
    """Which part of the list is wanted."""

    limit: Limit = 50
    cursor: Cursor | None = None
    """`next` of the page before; left out: the first page."""


@router.get("/programmes", summary="Every programme")
def list_programmes(asked: Annotated[ProgrammesQuery, Query()], here: Asking) -> Programmes:
    """Tell the programmes with their versions, in the order of the codes."""
    require(here, "programmes")
    found = here.office.programmes.published()
    left = [code for code in sorted(found) if asked.cursor is None or code > asked.cursor]
    page = left[: asked.limit]
    return Programmes(
        items=[_programme(here, code, found[code]) for code in page],
        next=page[-1] if len(left) > len(page) else None,
    )


@router.get("/programmes/{code}", summary="A programme", responses=HAS_ETAG)
def show_programme(code: Code, here: Asking, response: Response) -> ProgrammeTold:
    """Tell a programme: its versions, who takes part, and its targets.

    The answer carries an ETag: send it as If-Match with an act. It counts the entries of the
    programme, not the versions of its definition.
    """
    require(here, "programmes")
    state = here.office.programmes.state(code)
    if not state.versions:
        raise _unknown()
    response.headers["ETag"] = f'"{state.version}"'
    return _programme(here, code, state)


@router.get(
    "/programmes/{code}/versions/{number}", summary="A version of a definition", responses=HAS_ETAG
)
def show_definition(
    code: Code,
    number: Annotated[int, Path(ge=1, le=1_000_000, description="The number of the version.")],
    here: Asking,
    response: Response,
) -> DefinitionPage:
    """Tell what a version says: it never changes once published."""
    require(here, "programmes")
    try:
        definition = here.office.programmes.definition(code, number)
    except NotPublished:
        raise _unknown() from None
    response.headers["ETag"] = f'"{definition.digest}-{here.language}"'
    return _page(definition, tongue_of(here))


def _unknown() -> Problem:
    return Problem(UNKNOWN_PROGRAMME, said("see GET /programmes for those that are published"))


def _programme(here: Here, code: str, state: Programme) -> ProgrammeTold:
    newest = here.office.programmes.definition(code, state.versions[-1].number)
    current = state.current(here.office.log.now().astimezone(zone_of(newest)).date())
    return ProgrammeTold(
        code=code,
        title=in_language(titled(newest.title), tongue_of(here)),
        country=newest.country,
        current=current.number if current and state.closed_on is None else None,
        closed_on=state.closed_on,
        versions=[
            VersionTold(version=v.number, effective_from=v.effective_from, digest=v.digest)
            for v in state.versions
        ],
        organisations=[
            TakingPart(organisation=name, since=period.start, until=period.end)
            for name, period in sorted(state.organisations.items())
        ],
        targets=[
            TargetTold(id=t.target, measure=t.measure, value=t.value, organisation=t.organisation)
            for t in state.targets.values()
        ],
    )


def _page(d: Definition, tongue: Tongue) -> DefinitionPage:
    def title(of: Title) -> str:
        return in_language(titled(of), tongue)

    def text(of: str) -> str:
        return in_language(worded(of, d.texts), tongue)

    def coded(values: Iterable[Any]) -> list[Coded]:
        return [Coded(code=value.code, title=title(value.title)) for value in values]

    return DefinitionPage(
        programme=d.programme,
        version=d.version,
        title=title(d.title),
        summary=title(d.summary),
        effective_from=d.effective_from,
        effective_until=d.effective_until,
        country=d.country,
        digest=d.digest,
        channels=coded(d.channels),
        service_lines=coded(d.service_lines),
        needs=coded(d.needs),
        review_methods=coded(d.review_methods),
        placement_forms=list(d.placement_forms),
        exemption_reasons=coded(d.exemption_reasons),
        disadvantages=coded(d.disadvantages),
        override_roles=list(d.override_roles),
        **_people(d, title),
        **_rules(d, title, text),
        **_times(d, title, text),
        **_catalogue(d, title, text, coded),
    )


def _people(d: Definition, title: Callable[[Title], str]) -> dict[str, Any]:
    return {
        "organisations": [
            Participating(
                code=o.code,
                title=title(o.title),
                roles=list(o.roles),
                since=o.since,
                until=o.until,
            )
            for o in d.organisations
        ],
        "questionnaires": [
            QuestionnaireTold(
                code=q.code,
                version=q.version,
                title=title(q.title),
                respondents=list(q.respondents),
            )
            for q in d.questionnaires
        ],
    }


def _rule(rule: Rule, title: Callable[[Title], str], text: Callable[[str], str]) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": title(rule.title),
        "text": rule.text,
        "basis": text(rule.basis),
        "reference": rule.reference,
        "needs": list(rule.needs),
    }


def _rules(
    d: Definition, title: Callable[[Title], str], text: Callable[[str], str]
) -> dict[str, Any]:
    return {
        "eligibility": [
            EligibilityRule(
                **_rule(dated.rule, title, text),
                since=dated.since,
                until=dated.until,
                only=list(dated.only),
                never=list(dated.never),
            )
            for dated in d.eligibility
        ],
        "phases": [
            PhaseTold(
                code=p.phase.value,
                title=title(p.title),
                after=[phase.value for phase in p.after],
                requires=[RuleText(**_rule(one, title, text)) for one in p.requires],
            )
            for p in d.phases
        ],
    }


def _times(
    d: Definition, title: Callable[[Title], str], text: Callable[[str], str]
) -> dict[str, Any]:
    return {
        "deadlines": [
            DeadlineRuleTold(
                id=one.id,
                title=title(one.title),
                span=_span(one.span),
                starts=list(one.starts),
                ends=list(one.ends),
                basis=text(one.basis),
                pausable=one.pausable,
            )
            for one in d.deadlines
        ],
        "follow_up": [
            PointTold(id=one.id, title=title(one.title), span=_span(one.span), after=one.after)
            for one in d.follow_up
        ],
    }


def _catalogue(
    d: Definition,
    title: Callable[[Title], str],
    text: Callable[[str], str],
    coded: Callable[[Iterable[Any]], list[Coded]],
) -> dict[str, Any]:
    return {
        "services": [
            ServiceOffered(
                code=s.code,
                title=title(s.title),
                phases=[phase.value for phase in s.phases],
                providers=list(s.providers),
                basis=None if s.basis is None else text(s.basis),
                since=s.since,
                until=s.until,
            )
            for s in d.services
        ],
        "frames": [
            FrameTold(
                code=f.code,
                title=title(f.title),
                levels=list(f.levels),
                concepts=coded(f.concepts),
                uri_prefix=f.uri_prefix,
            )
            for f in d.frames
        ],
        "end_states": [
            EndStateTold(code=s.code, title=title(s.title), destinations=list(s.destinations))
            for s in d.end_states
        ],
    }


def _span(span: Span) -> SpanTold:
    return SpanTold(count=span.count, unit=span.unit)
