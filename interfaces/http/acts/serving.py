"""Bodies of the acts of training and services."""

from typing import Annotated

from pydantic import Field

from interfaces.http.acts.fields import Body, Hours, Id, KnownName, Name, Names, Said, given, maybe


class ProposeService(Body):
    """A service is proposed to the client."""

    reference: Name = given("course-1")
    """What this service is called within the journey; a new one."""
    service: Name = given("vocational-course")
    """The service, in a code of the programme's definition."""
    provider: Id | None = maybe("savo-college")
    """The organisation that gives the service."""
    step: KnownName | None = maybe("step-1")
    """The step of the plan that it leads to."""
    reason: Said | None = maybe("It fits the plan and begins soon.")
    """Why this service."""


class AcceptService(Body):
    """The client accepts a service."""

    reference: KnownName = given("course-1")
    """The service, as it was called when it was proposed."""


class DeclineService(Body):
    """A service is declined, by the client or by the provider."""

    reference: KnownName = given("course-1")
    """The service, as it was called when it was proposed."""
    reason: Said = given("The way there is too long.")
    """Why it is declined."""


class StartService(Body):
    """A service begins."""

    reference: KnownName = given("course-1")
    """The service, as it was called when it was proposed, or a new reference."""
    service: Name | None = maybe("vocational-course")
    """The service in a code of the definition: needed where none was proposed before."""
    provider: Id | None = maybe("savo-college")
    """The organisation that gives the service."""


class RecordAttendance(Body):
    """The client was there, or was absent."""

    reference: KnownName = given("course-1")
    """The service."""
    hours: Hours = given(6)
    """The hours of the day; 0 for an absence."""
    absence_reason: Name | None = maybe(None, "illness")
    """Why the client was absent, as a code."""


class InterruptService(Body):
    """A service ends before its time."""

    reference: KnownName = given("course-1")
    """The service."""
    reason: Said = given("The client fell ill for long.")
    """Why it ended."""


class CompleteService(Body):
    """A service was carried through."""

    reference: KnownName = given("course-1")
    """The service."""
    result: Name = given("passed")
    """How it ended, as a code."""
    hours: Hours | None = maybe(180)
    """The hours in all, where they are known."""


class AwardCertificate(Body):
    """The client was awarded a certificate."""

    title: Name = given("Vocational certificate in welding")
    """What the certificate is called."""
    awarding_body: Name = given("savo-college")
    """Who awarded it."""
    competences: Names | None = maybe(["http://data.europa.eu/esco/skill/welding"])
    """The competences that it certifies: ESCO URIs or codes of the definition."""
    eqf_level: Annotated[int, Field(strict=True, ge=1, le=8)] | None = maybe(4)
    """The level of the European Qualifications Framework, 1 to 8, where it has one."""
