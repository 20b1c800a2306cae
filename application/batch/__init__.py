"""Many acts at once, of clients and journeys: all of them together, or each for itself.

Each is decided on the state that the ones before it leave, in memory; then all are appended in one
transaction. An act can name what another act makes: `"$anna"` for the client or the journey of the
item that is called "anna", which is done first wherever it stands; two items are not called the
same.
"""

from application.batch.doing import all_or_none, each_alone
from application.batch.items import (
    MOST,
    Batch,
    Broken,
    Item,
    NotRecorded,
    Outcome,
    ReferenceFailed,
    UnknownReference,
)

__all__ = [
    "MOST",
    "Batch",
    "Broken",
    "Item",
    "NotRecorded",
    "Outcome",
    "ReferenceFailed",
    "UnknownReference",
    "all_or_none",
    "each_alone",
]
