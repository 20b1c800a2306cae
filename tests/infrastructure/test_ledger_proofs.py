"""What a bundle takes from the stored tree: proofs of any entry, as the tree grew."""

from datetime import date

import pytest

from application.ports import Append, Fresh
from domain.entry import By
from domain.journey.events import ReferralAccepted
from domain.merkle import leaf_hash, verify_inclusion
from infrastructure.checkpoints import issue
from infrastructure.event_log import SqlEventLog
from infrastructure.ledger_leaves import leaf_data
from infrastructure.ledger_proofs import BrokenLedger, StoredLedger, TreeAsItGrew
from infrastructure.ledger_tables import TILE
from infrastructure.notes import read_checkpoint, read_note
from tests.interfaces.bundling import ORIGIN, ed25519_key

BY = By("ville", "mikkeli")


def grown(log: SqlEventLog, size: int) -> StoredLedger:
    """The ledger of a log of two streams, whose entries follow each other by turns."""
    fresh = (Fresh(ReferralAccepted(), date(2025, 1, 7)),)
    appends = [Append(f"journey:{n % 2}", n // 2, fresh, BY) for n in range(size)]
    log.append_all(appends, together=True)
    signers = [ed25519_key()]
    return StoredLedger(log.database, lambda: issue(log.database, ORIGIN, signers, log.now()))


@pytest.mark.parametrize("size", [1, 2, TILE - 1, TILE, TILE + 1, 2 * TILE + 7])
def test_every_entry_of_a_stream_is_proven_under_the_checkpoint(log: SqlEventLog, size: int):
    ledger = grown(log, size)
    told, note = ledger.check_out()
    said = read_checkpoint(read_note(note).text)
    assert (told, said.size, said.origin) == (size, size, ORIGIN)
    rows = ledger.rows("journey:0", size)
    assert [row[2] for row in rows] == list(range(1, (size + 1) // 2 + 1))
    proofs = ledger.proofs([row[0] for row in rows], size)
    for row, proof in zip(rows, proofs, strict=True):
        assert verify_inclusion(leaf_hash(leaf_data(row)), row[0] - 1, size, proof, said.root)


def test_what_is_recorded_later_is_not_in_it(log: SqlEventLog):
    ledger = grown(log, 10)
    told, _ = ledger.check_out()
    later = Append("journey:0", 5, (Fresh(ReferralAccepted(), date(2025, 1, 8)),), BY)
    log.append(later)
    assert len(ledger.rows("journey:0", told)) == 5
    assert ledger.check_out()[0] == 11


def test_a_tile_that_was_completed_while_it_was_read_is_read_as_it_is_then(log: SqlEventLog):
    grown(log, TILE + 3)
    tree = TreeAsItGrew(log.database)
    assert tree._unfinished(0, 0) == tree._tile(0, 0)
    assert len(tree._unfinished(0, 1)) == 3


def test_an_entry_that_the_tree_does_not_have_cannot_be_proven(log: SqlEventLog):
    ledger = grown(log, 5)
    with pytest.raises(BrokenLedger, match="polku audit verify"):
        ledger.proofs([3], 50)
