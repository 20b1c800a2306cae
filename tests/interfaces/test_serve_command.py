"""`polku serve` as a process: it answers, says in which mode, and stops when it is asked to."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx2
import pytest
from structlog.testing import capture_logs

from interfaces.cli.serve import address_of, is_loopback
from interfaces.http import serving
from interfaces.http.serving import LOCK, NUMBERS
from tests.interfaces.running import NO_TLS, is_ready

SECONDS = 60
"""Until a slow machine has started it, or stopped it."""

POLKU = (sys.executable, "-c", "import sys; from interfaces.cli import main; sys.exit(main())")


def environment(url, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POLKU_")}
    return kept | {"POLKU_DATABASE_URL": url, "POLKU_ACCESS_FOLDER": more.pop("folder")} | more


@contextmanager
def served(url, folder, *arguments, **settings):
    """Start the command; give the process and what it said."""
    process = subprocess.Popen(
        [*POLKU, "serve", "--json", "--port", "0", *arguments],
        env=environment(url, folder=str(folder), **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def stop(process):
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=SECONDS)
    return process.returncode, err


def asked(address):
    """Ask on a connection of its own."""
    return httpx2.get(address, timeout=SECONDS, verify=NO_TLS)


def bearer(run, url, key, monkeypatch):
    monkeypatch.setenv("POLKU_DEVELOPMENT_KEY", key)
    said = run("token", "--role", "case-worker", "--organisation", "mikkeli", "--json", url=url)
    return {"Authorization": f"Bearer {said.json['token']}"}


def test_it_serves_and_ends_well_when_it_is_stopped(run, database_url, tmp_path, monkeypatch):
    key = str(tmp_path / "key")
    known = bearer(run, database_url, key, monkeypatch)
    with served(database_url, tmp_path, POLKU_DEVELOPMENT_KEY=key) as started:
        process, said = started
        assert said["development"] is True
        assert said["workers"] == 1
        with httpx2.Client(base_url=said["address"], timeout=SECONDS, verify=NO_TLS) as client:
            assert client.get("/health/live").json() == {"status": "alive"}
            assert is_ready(said["address"])
            headed = client.head("/health/ready")
            assert (headed.status_code, headed.content) == (200, b"")
            assert client.head("/changes/live", headers=known).status_code == 200
            assert client.get("/journeys").status_code == 401
            assert client.get("/journeys", headers=known).json()["items"] == []
        code, err = stop(process)
    assert code == 0, err
    assert "DEVELOPMENT MODE" in err
    assert "Traceback" not in err


def test_several_processes_answer_and_their_numbers_are_added_up(sqlite_url, tmp_path):
    settings = {"POLKU_DEVELOPMENT_KEY": str(tmp_path / "key"), "TMPDIR": str(tmp_path / "tmp")}
    killed = tmp_path / "tmp" / f"{NUMBERS}killed"
    killed.mkdir(parents=True)
    (killed / LOCK).touch()
    with served(sqlite_url, tmp_path, "--workers", "2", **settings) as (process, said):

        def ask(_):
            return asked(f"{said['address']}/health/live").status_code

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(ask, range(40))) == {200}
        told = asked(f"{said['address']}/metrics").text
        counted = [line for line in told.splitlines() if "seconds_count" in line]
        assert [float(line.rsplit(" ", 1)[1]) for line in counted if "/live" in line] == [40]
        (own,) = killed.parent.glob(f"{NUMBERS}*")  # what another left that was killed is gone
        assert own != killed
        code, err = stop(process)
    assert code == 0, err
    assert not [*killed.parent.glob(f"{NUMBERS}*")]


def test_without_tables_it_says_what_to_do(run, empty_database_url):
    said = run("serve", url=empty_database_url)
    assert said.code == 1
    assert "polku db upgrade" in said.err


@pytest.mark.parametrize(
    ("setting", "text", "said_of_it"),
    [
        ("POLKU_MASTER_KEY_FILE", None, "cannot be read"),
        ("POLKU_MASTER_KEY_FILE", "short", "32"),
        ("POLKU_DEVELOPMENT_KEY", "no key", "delete it, and one is made"),
    ],
)
def test_a_key_that_cannot_be_used_is_told_before_it_serves(
    run, sqlite_url, tmp_path, monkeypatch, setting, text, said_of_it
):
    file = tmp_path / "key"
    if text is not None:
        file.write_text(text)
        file.chmod(0o600)
    monkeypatch.delenv("POLKU_MASTER_KEY", raising=False)
    monkeypatch.setenv(setting, str(file))
    said = run("serve", "--port", "0", url=sqlite_url)
    assert (said.code, said.out) == (1, "")
    assert said_of_it in said.err
    assert str(file) in said.err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])  # noqa: S104
def test_without_an_issuer_only_this_machine_is_served(run, sqlite_url, host):
    said = run("serve", "--host", host, url=sqlite_url)
    assert said.code == 1
    assert "POLKU_OIDC_ISSUER" in said.err


def test_a_port_that_is_taken_is_told(run, sqlite_url):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = run("serve", "--port", port, url=sqlite_url)
    assert said.code == 1
    assert f"port {port}" in said.err
    assert "--port" in said.err


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        *[(own, True) for own in ("127.0.0.1", "127.8.8.8", "::1", "localhost")],
        *[(other, False) for other in ("0.0.0.0", "::", "10.0.0.1", "localhost.example")],  # noqa: S104
    ],
)
def test_what_is_of_this_machine_alone(host, is_own):
    assert is_loopback(host) is is_own


def test_an_address_is_written_as_a_browser_takes_it():
    assert address_of("::1", 8000) == "http://[::1]:8000"
    assert address_of("127.0.0.1", 80) == "http://127.0.0.1:80"


def test_of_a_start_that_failed_the_log_has_the_kind_and_no_trace(monkeypatch):
    for name in ("uvicorn", "asyncio"):
        monkeypatch.setattr(logging.getLogger(name), "handlers", [])
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    trace = 'Traceback (most recent call last):\n  File "x.py", line 1, in y\nsome.Fault: Aino\n'
    with capture_logs() as logged:
        serving.tell_of_server()
        logging.getLogger("uvicorn").error(trace)
    (told,) = logged
    assert "some.Fault" in told["said"]
    assert not any(word in told["said"] for word in ("Traceback", "x.py", "Aino"))


def test_who_only_watches_the_processes_that_answer_has_nothing_of_what_they_answer_with():
    told = "import sys; import interfaces.http.__main__; print(*sys.modules, sep='\\n')"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert not {"fastapi", "sqlalchemy", "pydantic", "domain.entry"} & {*found.stdout.splitlines()}
