"""Many acts on journeys, in as few transactions as can be."""

from collections.abc import Iterator, Sequence

from application.acts import named
from application.journey_clients import on_clients, spoken_of
from application.journeys import Doing, decided, do
from application.office import KIND, Office
from application.ports import Receipt, VersionConflict
from application.transact import append_of, check_seen, nothing_beside


def act_all(office: Office, doings: Sequence[Doing]) -> list[Receipt | Exception]:
    """Do many acts, in order, in as few transactions as can be; one answer each.

    One act's refusal leaves the others be.
    """
    answers: list[Receipt | Exception] = []
    for wave in _waves(doings):
        answers += _act_wave(office, wave)
    return answers


def _waves(doings: Sequence[Doing]) -> Iterator[list[Doing]]:
    """Cut the acts so that each journey is at most once in a wave."""
    wave: list[Doing] = []
    journeys: set[str] = set()
    for doing in doings:
        if doing.journey in journeys:
            yield wave
            wave, journeys = [], set()
        wave.append(doing)
        journeys.add(doing.journey)
    if wave:
        yield wave


def _act_wave(office: Office, wave: Sequence[Doing]) -> list[Receipt | Exception]:
    answers: list[Receipt | Exception | None] = []
    appends, places, since = [], [], office.histories.forgotten
    for doing in wave:
        try:
            stream = named(KIND, doing.journey)
            before = office.histories.remembered(stream)
            check_seen(stream, doing.asked, before)
            events = decided(office, before, doing)
            leaning_on = on_clients(office, before, events)
        except Exception:  # noqa: BLE001 - `_again` believes a refusal only of the newest state
            events = ()
        if not events or doing.beside is not nothing_beside:
            answers.append(_again(office, doing))
            continue
        request = doing.request if doing.asked.key else ""
        append = append_of(
            stream,
            before,
            events,
            doing.asked,
            request,
            leaning_on=leaning_on,
            speaks_of=spoken_of(before, events),
        )
        appends.append(office.histories.drafted(append, before))
        places.append((len(answers), before))
        answers.append(None)
    stored = office.log.append_all(appends) if appends else []
    for (place, before), answer in zip(places, stored, strict=True):
        answers[place] = answer
        if isinstance(answer, Receipt) and not answer.repeated:
            office.histories.append(answer.stream, before, answer.entries, since=since)
        elif isinstance(answer, VersionConflict):
            answers[place] = _again(office, wave[place])
    return [answer for answer in answers if answer is not None]


def _again(office: Office, doing: Doing) -> Receipt | Exception:
    try:
        return do(office, doing)
    except Exception as refusal:  # noqa: BLE001 - the answer of this act, not of the others
        return refusal
