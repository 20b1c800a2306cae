"""Under which other ids than their own clients were recorded, by programs before this one.

Those recorded a client who acted or read by the subject of the token. Some identity services make
that a personal code, and no key seals who did something.
"""

from collections.abc import Collection, Iterator

from application.accesses import LookUp, Wanted, readings
from application.acts import named
from application.ports import EventLog
from application.scope import Role


def signed_in_by(log: EventLog, ids: Collection[str], look_up: LookUp) -> Iterator[str]:
    """Yield the ids, no clients', by which who has these ids signed in to read the own data."""
    seen = {*ids}
    for client in sorted(ids):
        for one in readings(log, Wanted(client=client), look_up):
            if one.role == Role.CLIENT and one.person not in seen:
                seen.add(one.person)
                stream = named("client", one.person)
                if stream not in log.streams(stream):  # else once merged with this one
                    yield one.person
