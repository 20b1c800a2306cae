"""The processes of an audit end with it."""

import subprocess
import sys
from functools import partial

from tests.databases import Own
from tests.infrastructure.test_ledger_audit import fill

STANDS_STILL = """
import sys, time
from infrastructure.audit_joining import checked_by
from infrastructure.audit_stretches import Stretch
from infrastructure.database import Database

if __name__ == "__main__":
    stretches = [Stretch(0, 256), Stretch(256, 300)]
    for _ in checked_by(Database(sys.argv[1]), stretches, 2):
        print("begun", flush=True)
        time.sleep(60)
"""


def test_no_process_of_an_audit_outlives_one_that_is_killed(own_sqlite: Own):
    """It would have the file open for ever, and whatever the audit was to write to."""
    url = own_sqlite.filled(partial(fill, entries=300))
    command = [sys.executable, "-c", STANDS_STILL, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as audit:
        assert audit.stdout is not None
        assert audit.stdout.readline() == "begun\n"
        audit.kill()
        assert audit.communicate(timeout=60) == ("", None)
