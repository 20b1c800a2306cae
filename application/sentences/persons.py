"""What entries of a client's own stream are called; those of merges say with whom."""

from typing import Any

from domain.entry import event_name
from domain.same_person import ClientsMerged, ClientsSplit
from domain.wording import Wording, in_words, said


def client_said(event: Any) -> Wording:
    """Return an entry of a client's own stream in words."""
    match event:
        case ClientsMerged(survives=True):
            return said("{other} was merged into this client", other=event.other)
        case ClientsMerged():
            return said("this client was merged into {other}", other=event.other)
        case ClientsSplit():
            return said("this client and {other} were split again", other=event.other)
        case _:
            return in_words("event", event_name(type(event)))
