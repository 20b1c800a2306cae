"""How the program speaks and ends, whatever the command."""

import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from decimal import Decimal
from pathlib import Path

import pytest
from rich.table import Table

from domain.definition import Phase
from domain.entry import Personal
from interfaces.cli import INTERRUPTED
from interfaces.cli.program import COMMANDS
from interfaces.cli.terminal import WITHOUT_END, Screen, plain, screen, so_many, table
from tests.conftest import MASTER_KEY
from tests.interfaces.running import POLKU as RUN
from tests.interfaces.running import SECONDS

POLKU = Path(sys.executable).with_name("polku")


def spawn(*arguments: str, url: str = "sqlite://", **environment: str):
    return subprocess.run(
        [POLKU, *arguments],
        env={"PATH": os.environ["PATH"], "POLKU_DATABASE_URL": url, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_installed_command_tells_its_version():
    said = spawn("--version")
    assert said.returncode == 0
    assert re.fullmatch(r"polku \d+\.\d+\.\d+\n", said.stdout)


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 entries"), (1, "1 entry"), (1890, "1,890 entries")]
)
def test_a_number_stands_with_its_word(number, said):
    assert so_many(number, "entry", "entries") == said
    assert so_many(number, "client") == f"{number:,} client" + "s" * (number != 1)


def test_help_lists_every_command(run):
    said = run("--help")
    assert said.code == 0
    for name in COMMANDS:
        assert f" {name} " in said.out


def test_no_command_at_all_shows_the_help(run):
    said = run()
    assert said.code == 2
    assert "journeys" in said.out + said.err


@pytest.mark.parametrize("arguments", [("journey", "list"), ("journeys", "lst"), ("--verson",)])
def test_a_slip_of_the_pen_is_answered_with_what_was_meant(run, arguments):
    said = run(*arguments)
    assert said.code == 2
    assert "No such" in said.err
    assert "--help`" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("POLKU_DATABASE_URL", "polku.db", "POLKU_DATABASE_URL: "),
        ("POLKU_DATABASE_URL", "mysql://x/y", "POLKU_DATABASE_URL: Polku cannot keep its log in"),
        ("POLKU_LOG_LEVEL", "loud", "POLKU_LOG_LEVEL: it should be 'debug', 'info'"),
        ("POLKU_LOG_FORMAT", "xml", "POLKU_LOG_FORMAT: it should be 'console' or 'json'"),
        ("POLKU_DATABSE_URL", "sqlite://", "write POLKU_DATABASE_URL"),
    ],
)
def test_a_bad_setting_is_named(run, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    answer = run("journeys", "list")
    assert answer.code == 2
    assert said in answer.err
    assert answer.err.count("\n") == 1


def test_what_was_not_foreseen_is_a_sentence_and_no_traceback(run, monkeypatch):
    monkeypatch.setitem(COMMANDS, "broken", "tests.interfaces.broken_command:broken")
    said = run("broken")
    assert said.code == 1
    assert said.err.startswith("polku: this went wrong unexpectedly (ZeroDivisionError: ")
    assert "Traceback" not in said.err + said.out


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("full", "polku: a file cannot be read or written: No space left on device; make room"),
        ("full_at", "polku: /srv/polku.db.readings/1 cannot be used: No space left on device; mak"),
    ],
)
def test_a_disk_that_is_full_is_told_as_that(run, monkeypatch, how, said):
    monkeypatch.setitem(COMMANDS, "broken", f"tests.interfaces.broken_command:{how}")
    told = run("broken")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith(said)


@pytest.mark.parametrize("asked", [("journeys", "show"), ("audit", "access", "--client")])
def test_what_is_no_text_is_said_to_be_none(polku, asked):
    assert polku("db", "upgrade").code == 0
    said = polku(*asked, os.fsdecode(b"leena\xff"))
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "polku: what was given holds '\\udcff', which is no text: write it in UTF-8\n"
    )


def test_the_log_shows_where_it_went_wrong_without_what_was_said(run, monkeypatch):
    monkeypatch.setitem(COMMANDS, "broken", "tests.interfaces.broken_command:broken")
    monkeypatch.setenv("POLKU_LOG_LEVEL", "debug")
    monkeypatch.setenv("POLKU_LOG_FORMAT", "json")
    log, sentence = run("broken").err.splitlines()
    assert "broken_command.py" in log
    assert "division" not in log
    assert "division" in sentence


@pytest.mark.parametrize("where", ["stopped", "stopped_in_a_query"])
def test_an_interrupted_command_ends_quietly(run, monkeypatch, where):
    monkeypatch.setitem(COMMANDS, "stopped", f"tests.interfaces.broken_command:{where}")
    said = run("stopped")
    assert (said.code, said.out, said.err) == (INTERRUPTED, "", "")


def test_a_command_that_is_interrupted_while_it_loads_ends_quietly(tmp_path):
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n")
    run = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom interfaces.cli import main\n"
    said = subprocess.run(
        [sys.executable, "-c", f"{run}sys.exit(main(['journeys', 'list']))"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stdout, said.stderr) == (INTERRUPTED, "", "")


HEARS_ALL = """
import signal
for one in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(one, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
"""
"""As begun by a person: what a shell begins beside itself, as these tests, does not hear Ctrl-C."""

HOLDS_BEFORE_ITS_PLACE = """
import os, sys, time
from interfaces.cli import main
from interfaces.exports import files

def held(part):
    os.write(1, bytes(part) + b"\\n")
    time.sleep(600)

files._settle = held
sys.exit(main())
"""


def writing_a_file(folder, url, *before):
    """Export journeys, and wait where the file is written and not in its place yet."""
    code = HOLDS_BEFORE_ITS_PLACE if before else HEARS_ALL + HOLDS_BEFORE_ITS_PLACE
    return subprocess.Popen(
        [*before, sys.executable, "-c", code, "export", "csv", "--out", "a.csv"],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "POLKU_DATABASE_URL": url,
            "POLKU_MASTER_KEY": MASTER_KEY,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, INTERRUPTED)],
)
def test_a_command_that_is_told_to_end_puts_away_what_it_was_writing(
    sqlite_url, tmp_path, number, status
):
    with writing_a_file(tmp_path, sqlite_url) as writing:
        part = writing.stdout.readline().strip()
        assert (tmp_path / part).exists()
        writing.send_signal(number)
        out, err = writing.communicate(timeout=SECONDS)
    assert (writing.returncode, out, err) == (status, "", "")
    assert not [*tmp_path.glob("*csv*")]


def test_a_command_goes_on_that_is_begun_to_outlive_its_terminal(sqlite_url, tmp_path):
    with writing_a_file(tmp_path, sqlite_url, "nohup") as writing:
        part = writing.stdout.readline().strip()
        writing.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            writing.wait(0.3)
        assert (tmp_path / part).exists()
        writing.kill()


def test_a_pipe_that_is_closed_early_ends_quietly(run, sqlite_url):
    url = sqlite_url
    assert run("programmes", "publish", "ali", url=url).code == 0
    command = f"{POLKU} programmes show ali --json | head -n 1"
    environment = {"PATH": os.environ["PATH"], "POLKU_DATABASE_URL": url}
    piped = subprocess.run(
        ["/bin/sh", "-c", command], env=environment, capture_output=True, text=True, check=False
    )
    assert (piped.stdout, piped.stderr) == ("{\n", "")


def redirected(where: str, url: str, *asked: str) -> subprocess.CompletedProcess[str]:
    """Return how a command ends whose streams a shell redirects."""
    return subprocess.run(
        ["/bin/sh", "-c", f'"$@" {where}', "sh", *RUN, *asked],
        env={
            "PATH": os.environ["PATH"],
            "POLKU_DATABASE_URL": url,
            "POLKU_MASTER_KEY": MASTER_KEY,
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("asked", [("programmes", "show", "ali"), ("db", "status", "--json")])
def test_an_answer_that_could_not_be_written_is_told(run, sqlite_url, asked):
    assert run("programmes", "publish", "ali", url=sqlite_url).code == 0
    ended = redirected("> /dev/full", sqlite_url, *asked)
    assert ended.returncode == 1
    assert ended.stderr == (
        "polku: the answer cannot be written to stdout (No space left on device); what the "
        "command recorded or wrote before that stands\n"
    )


def test_nothing_is_done_where_there_is_no_stdout(tmp_path):
    file = tmp_path / "new.db"
    ended = redirected(">&-", f"sqlite:///{file}", "db", "upgrade")
    assert ended.returncode == 2
    assert ended.stderr == (
        "polku: stdout is closed, so nobody would read the answer: nothing was done; "
        "give it a place, such as > /dev/null\n"
    )
    assert not file.exists()


@pytest.mark.parametrize("where", ["2>&-", "2> /dev/full", "<&- 2>&-"])
def test_a_command_does_what_was_asked_though_nobody_hears_its_warnings(run, sqlite_url, where):
    """It tells that it signs by a key of this machine, and how far it is."""
    assert run("programmes", "publish", "ali", url=sqlite_url).code == 0
    ended = redirected(where, sqlite_url, "audit", "checkpoint", "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["size"] == 1
    assert redirected(where, sqlite_url, "audit", "verify").returncode == 0


def full_pipe() -> tuple[int, int]:
    """Return both ends of a pipe that is full, in which nobody waits for room."""
    out, into = os.pipe()
    os.set_blocking(into, False)
    with suppress(BlockingIOError):
        while True:
            os.write(into, b"x" * 4096)
    return out, into


def heard(by: str, into: int) -> subprocess.Popen[bytes]:
    """Begin a program that says a word on stderr and then answers, either into a pipe."""
    says = (
        "import sys; from interfaces.cli.streams import settle; settle(); "
        "sys.stderr.write('word\\n'); sys.stdout.write('answer\\n')"
    )
    return subprocess.Popen(
        [sys.executable, "-c", says],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=into if by == "stdout" else subprocess.PIPE,
        stderr=into if by == "stderr" else subprocess.PIPE,
    )


def test_no_work_ends_as_the_terminal_for_its_warnings_is_full():
    """It does not wait where another program that writes to it has said that nobody does."""
    out, into = full_pipe()
    with heard("stderr", into) as program:
        answer, _ = program.communicate()
    os.close(into)
    os.close(out)
    assert (program.returncode, answer) == (0, b"answer\n")


def test_an_answer_waits_until_there_is_room_for_it():
    out, into = full_pipe()
    with heard("stdout", into) as program:
        assert program.stderr is not None
        assert program.stderr.readline() == b"word\n"
        os.close(into)
        with os.fdopen(out, "rb") as reader:
            answer = reader.read()
    assert program.returncode == 0
    assert answer.lstrip(b"x") == b"answer\n"


def test_a_service_that_was_begun_without_streams_gives_their_numbers_to_nothing_else():
    """`polku serve` goes on as another program: what it opened would have been stderr, or stdin."""
    look = "import os; print(all(os.path.samefile(os.devnull, f'/dev/fd/{n}') for n in (0, 2)))"
    begun = (
        "import os, sys; from interfaces.cli.streams import settle; settle(); "
        f"os.execv(sys.executable, [sys.executable, '-c', {look!r}])"
    )
    ended = subprocess.run(
        ["/bin/sh", "-c", '"$@" <&- 2>&-', "sh", sys.executable, "-c", begun],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, "True\n")


def test_colours_are_left_out_where_nobody_asked_for_them(sqlite_url):
    url = sqlite_url
    assert "\x1b" not in spawn("programmes", "list", url=url).stdout
    forced = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    assert "\x1b[3" not in spawn("programmes", "list", url=url, NO_COLOR="1", **forced).stdout


def test_a_terminal_of_few_letters_gets_what_it_can_show(run, sqlite_url):
    url = sqlite_url
    assert run("programmes", "publish", "etela-savo", url=url).code == 0
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    shown = spawn("programmes", "show", "etela-savo", url=url, **ascii_only)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Etel\\xe4-Savo" in shown.stdout
    told = spawn("programmes", "show", "etela-savo", "--json", url=url, **ascii_only)
    assert json.loads(told.stdout)["definition"]["title"]["en"] == "Etelä-Savo fast response"


def test_nothing_is_cut_off_where_the_output_is_piped(capsys):
    long = "j-" + "0123456789" * 30
    drawn = table("Journeys", "Id", ("What", "wrap"))
    drawn.add_row(long, "word " * 100)
    screen().print(drawn)
    assert f"{long}   {'word ' * 99}word" in capsys.readouterr().out


def drawn_at(width: int, drawn: Table) -> str:
    written = io.StringIO()
    to = Screen(file=written, width=width, markup=False, highlight=False, emoji=False)
    to.print(drawn)
    return written.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
def test_nothing_is_cut_off_on_a_narrow_screen(width):
    headings = ("Journey", "Client", "Programme", "Status", "Since", "Responsible")
    rows = [
        (f"duunipolku-7-000{n}", f"client-duunipolku-7-000{n}", "duunipolku", "open", day, who)
        for n, day, who in ((3, "2026-01-02", "l.hamalainen"), (6, "2026-06-12", "t.virtanen"))
    ]
    drawn = table("Journeys", *headings, ("What", "wrap"))
    for row in rows:
        drawn.add_row(*row, "\x1b[31mReferred by the city to the office")
    shown = drawn_at(width, drawn)
    assert all(len(line) <= width for line in shown.splitlines())
    words = shown.split()
    assert {"What", *headings, *(cell for row in rows for cell in row)} <= set(words)
    assert "\x1b" not in shown
    assert shown.startswith("Journeys")


def test_a_row_on_a_narrow_screen_is_a_block_without_what_is_empty():
    drawn = table("Of \x1b[2J", "Journey", "Phase", ("Days", "right"), ("What", "wrap"))
    drawn.add_row("j-0000000000000001", "", "5", "asked twice, and answered at last")
    drawn.add_row("j-0000000000000002", "intake", "", "waits")
    assert [line.rstrip() for line in drawn_at(36, drawn).splitlines()] == [
        "Of �[2J",
        "",
        "Journey  j-0000000000000001",
        "Days     5",
        "What     asked twice, and answered",
        "         at last",
        "",
        "Journey  j-0000000000000002",
        "Phase    intake",
        "What     waits",
        "",
    ]


def test_texts_are_broken_into_lines_before_a_table_becomes_blocks():
    drawn = table(None, "Journey", ("What", "wrap"))
    drawn.add_row("j-0000000000000001", "asked twice, and answered at last")
    lines = [line.rstrip() for line in drawn_at(44, drawn).splitlines()]
    assert lines[1] == "  Journey              What"
    assert lines[3:5] == [
        "  j-0000000000000001   asked twice, and",
        "                       answered at last",
    ]


@pytest.mark.parametrize("wide", ["\t", "\x07", "漢", "word "])
def test_where_there_is_room_for_letters_of_any_width_none_is_measured(wide, monkeypatch):
    measured = []
    measure = Table.__rich_measure__
    monkeypatch.setattr(
        Table, "__rich_measure__", lambda *asked: measured.append(asked) or measure(*asked)
    )
    drawn = table(None, "Journey", ("What", "wrap"))
    drawn.add_row(wide * 30, wide * 40)
    shown = drawn_at(WITHOUT_END, drawn)
    assert not measured
    assert drawn_at(575, drawn) == shown
    assert measured


def test_what_a_person_wrote_can_neither_colour_nor_command_the_terminal(capsys):
    screen().print("[red]a[/red] :smile: \x1b[31mb\x07")
    assert capsys.readouterr().out == "[red]a[/red] :smile: �[31mb�\n"


def test_values_become_plain():
    said = {"a": (Decimal("1.50"), Phase.INTAKE, Personal("x"), Personal()), "b": frozenset({1})}
    assert plain(said) == {"a": ["1.50", "intake", "x", None], "b": [1]}


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("referral-made", 99, "referral-made.v99 is newer than this program"),
        ("horoscope-read", 1, "no event is registered under the name 'horoscope-read'"),
    ],
)
def test_an_entry_of_a_newer_program_is_told_in_one_sentence(run, tmp_path, name, version, said):
    url = f"sqlite:///{tmp_path / 'newer.db'}"
    run("db", "upgrade", url=url)
    columns = "stream, version, name, schema_version, occurred_on, recorded_at, body"
    entry = ("journey:j", 1, name, version, "2025-01-10", 1736500000000000, b"{}")
    with closing(sqlite3.connect(tmp_path / "newer.db")) as database, database:
        database.execute(f"INSERT INTO events ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", entry)
    told = run("journeys", "show", "j", url=url)
    assert told.code == 1
    assert said in told.err
    assert "bring this one up to date" in told.err
    listed = run("journeys", "list", url=url)
    assert listed.code == 1
    assert "1 journey could not be read to the end" in listed.err
    assert told.err.count("\n") == 1
