"""Requests that schemathesis drew, fitted to what there is: ids, versions, keys, and who asks.

What was drawn to be wrong stays wrong; all else is made to lead somewhere. A request that is
wholly lawful has to be done, and what else comes of one is for the checks to judge.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation

from application.scope import Scope
from tests.interfaces.http.acting import OF_STATE, refer_body
from tests.interfaces.http.specified_world import (
    ASKING,
    AUDITOR,
    EVALUATOR,
    EVERYBODY,
    JOBS,
    KEPT,
    KINDS,
    LEAD,
    MANAGER,
    STATE,
    STEPS,
    STRANGER,
    World,
)

PATH, QUERY = ParameterLocation.PATH, ParameterLocation.QUERY
HEADER, BODY = ParameterLocation.HEADER, ParameterLocation.BODY

LAWFUL, WITH_MORE, BEHIND, KNOWN, DRAWN = "lawful", "with-more", "behind", "known", "drawn"
"""As it should be; the same among what was drawn; at another version; of what there is, with what
was drawn; all as it was drawn."""

SHARES = ((LAWFUL, 30), (WITH_MORE, 25), (BEHIND, 10), (KNOWN, 30), (DRAWN, 5))

OF_OTHERS = {
    "/audit": AUDITOR,
    **dict.fromkeys((*JOBS, *KEPT, "/evaluations", "/issued-reports"), EVALUATOR),
    **ASKING,
}
"""Who asks what no case worker may, by how the address begins."""

SINCE, UNTIL = "2025-01-15", "2025-03-03"


@dataclass(frozen=True, slots=True)
class Fitted:
    """How a request was fitted: in which manner, and by whom it is asked."""

    manner: str
    scope: Scope | None

    @property
    def must_be_done(self) -> bool:
        """Whether nothing is wrong with it, so that it has to be answered with 2xx."""
        return self.manner == LAWFUL


class Fitting:
    """Fits requests to worlds that are the same."""

    def __init__(self, worlds: tuple[World, ...], random: Random) -> None:
        self._worlds, self._random = worlds, random

    def fit(self, case: Any, manner: str | None = None) -> Fitted:
        """Fit a request in place; without a manner in a drawn one."""
        manner = manner or self._drawn_manner()
        if case._meta.generation.mode.is_negative and manner == LAWFUL:
            manner = WITH_MORE
        scope = self._who(case, manner)
        values = self._values(case, scope)
        if manner == LAWFUL and "/acts/" not in case.path:
            values |= {"journey": "t-0"}
        if manner != DRAWN:
            self._path(case, values)
            self._query(case, manner)
            self._body(case, values, manner)
        self._headers(case, values, manner)
        _end_soon(case)
        scope = values.get("scope", scope)
        if self._random.random() < 0.1 and manner != LAWFUL:
            scope = self._random.choice((*EVERYBODY, None))
        return Fitted(manner, scope)

    def fit_linked(self, case: Any) -> Fitted:
        """Fit a request that follows from an answer: which, and its version, are as they are."""
        _, _, act = case.path.partition("/acts/")
        scope = self._who(case, LAWFUL)
        named = case.path_parameters or {}
        if "organisation" in named:
            scope = replace(scope, organisation=str(named["organisation"]))
        if "programme" in named:
            scope = replace(scope, programmes=frozenset({str(named["programme"])}))
        bodies = {
            "journey": lambda: STEPS[act][2],
            "organisation": lambda: ORGANISATION_BODIES[act](named["organisation"]),
            "programme": lambda: PROGRAMME_BODIES[act](named["programme"]),
        }
        made = next((bodies[name] for name in bodies if name in named and act), None)
        self._body(case, {} if made is None else {"body": made()}, WITH_MORE)
        if not case._meta.is_negative_at(HEADER):
            for name in case.headers:
                if name.lower() == "idempotency-key":
                    case.headers[name] = self._each("new", "drawn")
        return Fitted(WITH_MORE, scope)

    def _drawn_manner(self) -> str:
        manners, weights = zip(*SHARES, strict=True)
        return self._random.choices(manners, weights)[0]

    def _each(self, method: str, *given: Any) -> Any:
        """Do the same in each world; what comes of it is the same."""
        made = [getattr(world, method)(*given) for world in self._worlds]
        assert made == made[:1] * len(made), (method, made)
        return made[0]

    def _version(self, stream: str) -> int:
        return self._each("version", stream)

    def _who(self, case: Any, manner: str) -> Scope:
        act = case.path.rpartition("/acts/")[2]
        if act in OF_STATE:
            return STATE
        if case.path.startswith("/programmes") and case.method.upper() != "GET":
            return MANAGER
        for begins, who in OF_OTHERS.items():
            if case.path.startswith(begins):
                return who
        if case.path.endswith("/openings"):
            return STRANGER
        if case.method.upper() == "GET" and manner != LAWFUL:
            return self._random.choice((LEAD, LEAD, LEAD, *EVERYBODY))
        return LEAD

    def _values(self, case: Any, scope: Scope) -> dict[str, Any]:
        """Return what the request is about: names of the path, version, lawful body, who asks."""
        path, _, act = case.path.partition("/acts/")
        if path == "/journeys/{journey}" and act:
            journey, version = self._each("staged", act)
            return {"journey": journey, "version": version, "body": STEPS[act][2]}
        if path == "/organisations/{organisation}":
            code, version = self._each("organisation")
            own = replace(scope, organisation=code)
            said = ORGANISATION_BODIES[act]
            return {"organisation": code, "version": version, "body": said(code), "scope": own}
        if path == "/programmes/{programme}":
            code, version = self._each("programme")
            own = replace(scope, programmes=frozenset({code}))
            said = PROGRAMME_BODIES[act]
            return {"programme": code, "version": version, "body": said(code), "scope": own}
        return self._of_others(case, scope)

    def _of_others(self, case: Any, scope: Scope) -> dict[str, Any]:
        world, random = self._worlds[0], self._random
        client = random.choice(world.clients[1:])
        values: dict[str, Any] = {
            "journey": random.choice((*world.journeys, "t-0", "t-0", "t-1", "t-3")),
            "client": client,
            "worker": "lead-1",
            "number": 1,
            "chart": "chart-stock-1",
            "kind": random.choice(("overrides", "openings", "late", "missed-deadlines")),
            "code": "trial" if "programme" in case.path else "city",
        }
        values |= self._of_reports(case)
        if case.path.startswith("/problems"):
            values["code"] = "stale"
        if case.path.startswith("/clients/{client}/") and case.method.upper() == "POST":
            # One of its own: an act on a client whom another request erased is refused.
            own = next((kind for part, kind in OWN_CLIENTS.items() if part in case.path), "client")
            values["client"] = self._each(own)
            values["version"] = self._version(f"client:{values['client']}")
        if case.method.upper() != "POST":
            return values
        key = f"{case.method} {case.path}"
        if key == "POST /programmes":
            code = self._each("new", "way")
            own = replace(scope, programmes=frozenset({code}))
            return values | {"body": {"definition": f"{code} 1"}, "scope": own}
        made = OTHER_BODIES.get(key)
        if case.path in OF_MERGES:
            values["body"] = OF_MERGES[case.path] | {"merged": self._each("other")}
        elif made is not None:
            values["body"] = made(self._each("new", "x"))
        return values

    def _of_reports(self, case: Any) -> dict[str, Any]:
        """Return what a request about reports and other jobs names."""
        values: dict[str, Any] = {}
        if "{issued}" in case.path:
            values["issued"], values["version"] = self._each("issued")
            why = "late entries"
            values["body"] = {"restatement": self._each("restatement"), "reason": why}
        for kind in KINDS:
            if f"{{{kind}}}" in case.path:
                own = case.method.upper() == "DELETE"
                values[kind] = self._each("job_to_cancel" if own else "job", kind)
        if "{chart}" in case.path:
            values |= {"report": self._each("drawn"), "scope": AUDITOR}
        if case.path in KEPT:
            values["body"] = {"report": self._worlds[0].kept()}
        elif case.path == "/issued-reports":
            values["body"] = {"report": self._each("job", "report")}
        return values

    def _path(self, case: Any, values: dict[str, Any]) -> None:
        if case._meta.is_negative_at(PATH):
            return
        for name in case.path_parameters or {}:
            case.path_parameters[name] = values[name]

    def _query(self, case: Any, manner: str) -> None:
        if not case.query or case._meta.is_negative_at(QUERY):
            return
        for name in list(case.query):
            known = KNOWN_QUERY.get(name)
            if manner == LAWFUL or name in ("cursor", "wait_for") or self._random.random() < 0.5:
                if known is None:
                    if name in ("cursor", "worker", "person"):
                        del case.query[name]
                elif self._random.random() < 0.9 or manner == LAWFUL:
                    case.query[name] = self._random.choice(known)

    def _body(self, case: Any, values: dict[str, Any], manner: str) -> None:
        lawful = values.get("body")
        if lawful is None or case._meta.is_negative_at(BODY) or case.body is NOT_SET:
            return
        if manner in (LAWFUL, BEHIND):
            case.body = dict(lawful)
        elif isinstance(case.body, dict):
            some = lawful if manner == WITH_MORE else self._some(lawful)
            case.body = {**case.body, **some}
            if "occurred_on" in case.body and self._random.random() < 0.8:
                case.body["occurred_on"] = UNTIL

    def _some(self, lawful: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in lawful.items() if self._random.random() < 0.6}

    def _headers(self, case: Any, values: dict[str, Any], manner: str) -> None:
        if case._meta.is_negative_at(HEADER):
            return
        for name in list(case.headers):
            if name.lower() == "idempotency-key":
                case.headers[name] = self._each("new", "drawn")
            elif name.lower() == "if-match" and manner != DRAWN:
                version = values.get("version", 1) + (manner == BEHIND)
                case.headers[name] = f'"{version}"'
            elif name.lower() == "last-event-id":
                case.headers[name] = str(self._random.randrange(50))


def _end_soon(case: Any) -> None:
    """Have a connection that lasts end at once."""
    if case.path == "/changes/live":
        case.query = {**(case.query or {}), "seconds": 0.01}


KNOWN_QUERY: dict[str, tuple[Any, ...]] = {
    "as_at": (SINCE, UNTIL),
    "known_at": (f"{UNTIL}T08:00:00Z", UNTIL),
    "since_as_at": (SINCE, UNTIL),
    "since_known_at": (f"{SINCE}T08:00:00Z", SINCE),
    "until_as_at": (UNTIL,),
    "until_known_at": (f"{UNTIL}T08:00:00Z", UNTIL),
    "on": (UNTIL,),
    "since": (SINCE,),
    "until": (UNTIL,),
    "due_by": (UNTIL, "2025-06-01"),
    "organisation": ("city", "state"),
    "programme": ("trial", "askel"),
    "client": ("client-1",),
    "journey": ("t-0", "t-1"),
    "wait_for": (0, 1, 100),
    "after": (0, 100),
}

CITIZEN = {"given_name": "Aino", "family_name": "Mäkinen", "date_of_birth": "1991-05-17"}
DAYS = {"start": "2025-03-03", "end": "2025-03-04"}

ORGANISATION_BODIES: dict[str, Any] = {
    "sign-agreement": lambda code: {
        "agreement": "a-1",
        "partners": [code, "city"],
        "duties": [{"partner": "city", "duty": "intake"}],
        "start": "2025-01-01",
    },
    "end-agreement": lambda _: {"agreement": "a-0", "last_day": "2025-06-30", "reason": "over"},
    "publish-need": lambda _: {"need": "n-1", "occupation": "w", "openings": 2, "kind": "acute"},
    "fill-need": lambda _: {"need": "n-0", "reference": "f-1"},
    "withdraw-need": lambda _: {"need": "n-0", "reason": "cancelled"},
    "publish-offering": lambda _: {
        "offering": "o-1",
        "service": "course",
        "seats": 1,
        "place": "Workshop",
        **DAYS,
    },
    "reserve-seat": lambda code: {"offering": "o-0", "reference": "s-1", "client": f"of-{code}"},
    "release-seat": lambda _: {"offering": "o-0", "reference": "s-0", "reason": "ill"},
}

PROGRAMME_BODIES: dict[str, Any] = {
    "revise": lambda code: {"definition": f"{code} 2"},
    "join": lambda _: {"organisation": "health"},
    "leave": lambda _: {"organisation": "city", "reason": "done"},
    "set-target": lambda _: {"target": "t", "measure": "employed", "value": 0.5},
    "close": lambda _: {"reason": "The funding ended."},
}


def _batch(new: str) -> dict[str, Any]:
    register = {"act": "register-client", "as": "anna", "body": CITIZEN}
    referred = refer_body(client="$anna", from_organisation="city", journey=new)
    accept = {"act": "accept-referral", "journey": "$way", "body": {}}
    acts = [register, {"act": "refer", "as": "way", "body": referred}, accept]
    return {"mode": "all", "acts": acts}


HELD = {"hold": "h-0", "reason": "an appeal"}
OF_KEEPING: dict[str, dict[str, Any]] = {
    "/clients/{client}/legal-holds": HELD | {"hold": "h-1", "basis": "R 25/117"},
    "/clients/{client}/legal-hold-releases": HELD,
    "/clients/{client}/erasures": {"ground": "gdpr-17-1-b"},
}

OWN_CLIENTS = {"release": "held", "/splits": "merged"}
"""What a client of an act must have behind it, by a part of the act's address."""

OF_MERGES = {
    "/clients/{client}/merges": {"ground": "gdpr-5-1-d", "reason": "one person"},
    "/clients/{client}/splits": {"ground": "gdpr-5-1-d", "reason": "two persons"},
}

OTHER_BODIES: dict[str, Any] = {
    "POST /clients/search": lambda _: {"name": "makinen"},
    "POST /clients": lambda new: CITIZEN | {"local_id": new},
    "POST /clients/{client}/contact-details": lambda new: {"phone": new},
    "POST /clients/{client}/consents": lambda new: {"organisation": new, "kinds": ["plan"]},
    "POST /clients/{client}/consent-withdrawals": lambda new: {"organisation": new},
    **{f"POST {path}": lambda _, body=body: body for path, body in OF_KEEPING.items()},
    "POST /journeys": lambda new: refer_body(journey=new, from_organisation="city"),
    "POST /journeys/{journey}/openings": lambda _: {"reason": "on duty tonight"},
    "POST /organisations": lambda new: {"code": new, "name": "North", "kind": "employer"},
    "POST /batch": _batch,
    **{f"POST {way}": lambda _, body=body: body for way, body in JOBS.items()},
}
