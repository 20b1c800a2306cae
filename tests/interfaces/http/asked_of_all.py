"""Asking worlds what schemathesis drew, and keeping account of what they answered."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import FlakyStrategyDefinition, Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.config import SanitizationConfig
from schemathesis.core.failures import AcceptedNegativeData, FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as of_openapi
from schemathesis.transport.prepare import prepare_request

from interfaces.http.acts import headers
from tests.interfaces.http.fitted import LAWFUL, Fitted, Fitting
from tests.interfaces.http.specified_world import World

CHECKS = [
    of_openapi.status_code_conformance,
    of_openapi.content_type_conformance,
    of_openapi.response_headers_conformance,
    of_openapi.response_schema_conformance,
    of_openapi.negative_data_rejection,
    of_openapi.positive_data_acceptance,
    of_openapi.missing_required_header,
    of_openapi.unsupported_method,
    of_openapi.allow_header_conformance,
]

TOGETHER = 4
"""Rows of requests that are drawn in one run; the first of a run is a short one."""

LOOKED_AT = 20
"""Edges of an operation that some are picked from; the acts of a batch have thousands."""

UNMASKED = SanitizationConfig(enabled=False)


def schema_of(document: dict[str, Any]) -> Any:
    """Return an OpenAPI document as schemathesis has it, to draw requests of."""
    schema = schemathesis.openapi.from_dict(_that_can_be_drawn(document))
    schema.config.generation.with_security_parameters = False  # who asks is told by the test
    lawful = ["2xx", "400", "401", "403", "404", "409", "412", "422", "503"]
    schema.config.checks.positive_data_acceptance.expected_statuses = lawful
    schema.config.checks.missing_required_header.expected_statuses = [*lawful[1:], "428"]
    return schema


def operations_of(document: dict[str, Any]) -> list[Any]:
    """Return every operation of an OpenAPI document."""
    return [found.ok() for found in schema_of(document).get_all_operations()]


def followed(asking: "Asking", examples: int, steps: int, begin: int) -> Counter[str]:
    """Follow the links of answers, in so many rows of so many steps; return what was followed."""
    linked: Counter[str] = Counter()

    class Following(schema_of(asking.document).as_state_machine()):  # type: ignore[misc]
        def step(self, input: Any) -> Any:  # noqa: A002 - so it is called there
            self._is_linked = bool(input.is_applied and input.transition)
            if self._is_linked:
                linked[input.transition.id] += 1
            return super().step(input)

        def call(self, case: Any, **_more: Any) -> Any:
            return Response.from_any(asking.follow(case, is_linked=self._is_linked))

        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            """Nothing is left to check: it was checked as it was answered."""

    known = settings(
        max_examples=TOGETHER,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    for number in range(0, examples, TOGETHER):
        # Rows of one run share beginnings, and what they find there the rows before have changed.
        with suppress(FlakyStrategyDefinition):
            run_state_machine_as_test(seed(begin + number)(Following), settings=known)
    return linked


def _that_can_be_drawn(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with a pattern of If-Match that schemathesis has a right value of.

    It finds no edge of a pattern that begins and ends with a quote, and so no right request at all
    of an act. What is sent is a version of what there is.
    """
    text = json.dumps(document)
    strict, loose = json.dumps(headers.ETAG), json.dumps('^[0-9"]{3,9}$')
    assert strict in text
    loosened: dict[str, Any] = json.loads(text.replace(strict, loose))
    return loosened


def edges(operation: Any) -> Iterator[Any]:
    """Yield requests at the edges of what is allowed, and beyond: the same each time."""
    yield from operation.schema.iter_coverage_cases(
        operation,
        generation_modes=list(GenerationMode),
        generation_config=operation.schema.config.generation_for(operation=operation),
    )


def drawn(operation: Any, mode: GenerationMode, number: int, begin: int) -> list[Any]:
    """Return so many drawn requests, fewer where there are not as many."""
    found: list[Any] = []

    @seed(begin)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(operation.as_strategy(generation_mode=mode))
    def draw(case: Any) -> None:
        found.append(case)

    with suppress(Unsatisfiable):  # there is nothing that could be wrong
        draw()
    return found


@dataclass
class Account:
    """What was answered: how often with which status, and what was wrong with an answer."""

    answers: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    faults: dict[tuple[str, str], str] = field(default_factory=dict)
    times: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        """How many requests were answered."""
        return sum(counted.total() for counted in self.answers.values())

    def share(self, *statuses: int) -> float:
        """Return which part of all answers had one of the statuses."""
        found = sum(counted[one] for counted in self.answers.values() for one in statuses)
        return found / max(1, self.asked)

    def fault(self, operation: str, title: str, told: str) -> None:
        """Note what is wrong with an answer, told once."""
        self.times[operation, title] += 1
        self.faults.setdefault((operation, title), told)

    def never_done(self) -> list[str]:
        """Return the operations that were never answered with 2xx."""
        return [
            name
            for name, counted in self.answers.items()
            if not any(200 <= status < 300 for status in counted)
        ]

    def told(self) -> str:
        """Return the shares of all statuses, and the statuses of every operation."""
        total: Counter[int] = sum(self.answers.values(), Counter())
        lines = [f"{self.asked} answers of {len(self.answers)} operations"]
        lines += [f"  {s}: {n} ({n / self.asked:.1%})" for s, n in sorted(total.items())]
        for name, counted in self.answers.items():
            said = "  ".join(f"{status}: {n}" for status, n in sorted(counted.items()))
            lines.append(f"  {name}: {said}")
        return "\n".join(lines)

    def told_faults(self) -> str:
        """Return what was wrong, each kind once."""
        return "\n\n".join(
            f"{operation}: {title} ({self.times[operation, title]} times)\n{told}"
            for (operation, title), told in self.faults.items()
        )


class Asking:
    """Asks all worlds the same, and checks that each answers as the document says, and alike."""

    def __init__(self, worlds: tuple[World, ...], random: Random) -> None:
        self._worlds = worlds
        self._fitting, self._random = Fitting(worlds, random), random
        self.account = Account()

    @property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document that the worlds are asked for."""
        found: dict[str, Any] = self._worlds[0].http.get("/openapi.json").json()
        return found

    @contextmanager
    def jobs_waiting(self) -> Iterator[None]:
        """Have no job begin meanwhile: those that are asked for wait, or are broken off."""
        with ExitStack() as held:
            for world in self._worlds:
                held.enter_context(world.jobs_waiting())
            yield

    def some(self, found: list[Any], most: int | None) -> list[Any]:
        """Return so many requests of those that were found, drawn at random, or all."""
        if most is None or len(found) <= most:
            return found
        return self._random.sample(found, most)

    def ask(self, case: Any, manner: str | None = None) -> None:
        """Fit a request, send it to each world, and check the answers.

        A job that was begun so is looked at by nobody, and broken off: else jobs would be worked at
        for longer than all the rest takes. Those that `follow` begins go on.
        """
        answers = self._ask(case, self._fitting.fit(case, manner))
        for world, answer in zip(self._worlds, answers, strict=True):
            if answer.status_code == 202:
                world.break_off(answer.headers["location"])

    def follow(self, case: Any, *, is_linked: bool) -> Any:
        """Send a request, which follows from an answer or begins a row; return what is said."""
        fitted = self._fitting.fit_linked(case) if is_linked else self._fitting.fit(case)
        return self._ask(case, fitted)[0]

    def _ask(self, case: Any, fitted: Fitted) -> list[Any]:
        answers = [self._answered(world, case, fitted) for world in self._worlds]
        label = case.operation.label
        for answer in answers:
            self.account.answers[label][answer.status_code] += 1
            self._check(case, fitted, answer)
        said = {(one.status_code, _code(one)) for one in answers}
        if len(said) > 1:
            self.account.fault(label, "answered differently", f"{said}\n{case.as_curl_command()}")
        return answers

    def _answered(self, world: World, case: Any, fitted: Fitted) -> Any:
        request = prepare_request(case, None, config=UNMASKED, base_url="http://testserver")
        sent = {
            name.encode("latin-1"): _bytes(value)
            for name, value in request.headers.items()
            if name.lower() not in ("authorization", "content-length")
        }
        if fitted.scope is not None:
            sent[b"authorization"] = f"Bearer {world.token(fitted.scope)}".encode()
        return world.http.request(
            request.method, request.url, headers=list(sent.items()), content=request.body
        )

    def _check(self, case: Any, fitted: Fitted, answer: Any) -> None:
        status, titles = answer.status_code, list[str]()
        if status >= 500 and not _waits_in_vain(case, answer):
            titles.append(f"a fault of the server: {status}")
        if fitted.must_be_done and not (200 <= status < 300 or _is_too_large(case, answer)):
            titles.append(f"what is lawful is refused: {status}")
        guarded = case.operation.definition.raw.get("security") != []
        if fitted.scope is None and guarded and status not in (401, 405, 413):
            titles.append(f"answered without a token: {status}")
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            titles += [
                f"{failure.title}: {failure}"
                for failure in group.exceptions
                if not (isinstance(failure, AcceptedNegativeData) and _is_refused(answer))
            ]
        if titles:
            told = f"{status} {answer.text[:1000]}\n{fitted}\n{case.as_curl_command()}"
            for title in titles:
                first, _, rest = title.partition("\n")
                self.account.fault(case.operation.label, first, f"{rest}\n{told}")


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")


def _code(answer: Any) -> str | None:
    if "problem+json" not in answer.headers.get("content-type", ""):
        return None
    code: str = answer.json()["code"]
    return code


def _is_refused(answer: Any) -> bool:
    """Whether a body was too large to be read, or a batch taken whose every act was refused."""
    if answer.status_code == 413:
        return True
    told = answer.json()
    return isinstance(told, dict) and told.get("mode") == "each" and told["done"] == 0


def _is_too_large(case: Any, answer: Any) -> bool:
    """Whether a board known at an instant was refused, as its description announces for many."""
    known_at = "known_at" in (case.query or {}) and case.operation.label.startswith("GET /boards/")
    return known_at and _code(answer) == "too-many-to-fold"


def _waits_in_vain(case: Any, answer: Any) -> bool:
    """Whether the caller asked to wait for what nobody recorded, and was told so."""
    return answer.status_code == 503 and "wait_for" in (case.query or {})


def asked_at_the_edges(asking: Asking, operation: Any, most: int | None = None) -> Iterator[Any]:
    """Ask what lies at the edges; the first two that can be right wholly lawful.

    With `most`, that many right and wrong ones alone, drawn anew each time of the first there are.
    """
    found = list(islice(edges(operation), None if most is None else LOOKED_AT))
    right = [case for case in found if not case._meta.generation.mode.is_negative]
    wrong = [case for case in found if case._meta.generation.mode.is_negative]
    for case in right[:2]:
        asking.ask(case, LAWFUL)
        yield case
    for case in (*asking.some(right[2:], most), *asking.some(wrong, most)):
        asking.ask(case)
        yield case
