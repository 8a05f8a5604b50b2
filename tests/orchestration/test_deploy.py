"""What the deployment and the runbook name is there: commands, options, units, files; backup and restore work."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer
import yaml
from dagster import DagsterInstance

from orchestration.cli import app
from orchestration.home import Home
from orchestration.lock import lock
from orchestration.publishing.store import current_release
from orchestration.settings import load_settings
from sources.register import Register

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
DOCUMENTS = (ROOT / "docs" / "operations.md", ROOT / "deploy" / "README.md")
#: What the machine has: coreutils, util-linux, systemd, PostgreSQL, ssh, git, make.
SYSTEM = {
    "runuser",
    "systemctl",
    "journalctl",
    "pg_dump",
    "pg_restore",
    "createuser",
    "createdb",
    "useradd",
    "groupadd",
}
SYSTEM |= {"install", "git", "make", "ls", "mv", "rm", "chown", "chgrp", "chmod", "ssh"}
FOREIGN_UNITS = {"postgresql.service"}


def commands(text: str) -> Iterator[list[str]]:
    """Yield every command of the shell blocks, without variables before it and without who runs it."""
    for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words.pop(0)
            yield [words[0].removeprefix("/opt/bokslut/.venv/bin/"), *words[1:]]
            if words[0] == "runuser" and "--" in words:
                yield words[words.index("--") + 1 :]


def inline(text: str) -> Iterator[list[str]]:
    """Yield every command of ours that the sentences name."""
    for code in re.findall(r"`((?:[A-Z_]+=\S+ )*bokslut [^`]+)`", text.replace("\n", " ")):
        yield shlex.split(code[code.index("bokslut ") :])


def known(words: list[str]) -> click.Command:
    """Return our command that the words call; fails where there is none, or an option or argument it does not take."""
    command: Any = typer.main.get_command(app)
    rest = words[1:]
    while isinstance(command, click.Group):
        assert rest, words
        assert rest[0] in command.commands, words
        command, rest = command.commands[rest[0]], rest[1:]
    options = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
    given = [word for word in rest if word.startswith("--")]
    assert set(given) <= options, words
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    positional = len(rest) - 2 * len(given)
    assert 0 <= positional <= len(arguments), words
    return command


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_of_the_runbook_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    found = list(commands(text))
    assert len(found) > 10
    for words in found:
        program = words[0]
        if program == "bokslut":
            assert known(words)
        elif program.startswith("/opt/bokslut/"):
            assert (ROOT / Path(program).relative_to("/opt/bokslut")).stat().st_mode & 0o111, words
        else:
            assert program in SYSTEM, words
    for words in inline(text):
        assert known(words)


@pytest.mark.parametrize(
    "words",
    [
        ["bokslut", "restore"],
        ["bokslut", "key", "lose"],
        ["bokslut", "run", "--fast", "x"],
        ["bokslut", "run", "again"],
    ],
)
def test_a_command_that_is_not_there_is_seen(words: list[str]) -> None:
    with pytest.raises(AssertionError):
        known(words)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_unit_and_file_that_is_named_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    units = set(re.findall(r"[\w-]+\.(?:service|timer|socket)\b", text)) - FOREIGN_UNITS
    assert units <= {path.name for path in UNITS.iterdir()}, units
    for path in re.findall(r"/opt/bokslut/((?:deploy|docs|bokslut)[\w./-]*)", text):
        assert (ROOT / path.rstrip(".")).exists(), path
    for path in re.findall(r"\]\((?!http|#)([^)#]+)", text):
        assert (document.parent / path).exists(), path
    headings = {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in re.findall(r"^#+ (.+)", text, re.M)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_every_letter_has_its_place_in_the_runbook() -> None:
    text = DOCUMENTS[0].read_text(encoding="utf-8")
    letters = (ROOT / "orchestration" / "alerts" / "letters.py").read_text(encoding="utf-8")
    for said in ("STOPPAD", "TYST: ingen ny natt", "En annan körning arbetar redan", "Inställningarna (bokslut.toml)"):
        assert said in letters
        assert said in text
    for said in (
        "Disken är full",
        "nyckeln för pseudonymer saknas",
        "kunde inte starta",
        "inget är publicerat",
        "i framtiden",
    ):
        assert said in text


def placed(tmp_path: Path) -> list[Path]:
    """Copy the units as they would be here, since systemd looks whether the programs are there."""
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8").replace("/opt/bokslut/.venv", sys.prefix)
        (tmp_path / unit.name).write_text(text.replace("/opt/bokslut", str(ROOT)), encoding="utf-8")
    return sorted(tmp_path.iterdir())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
def test_systemd_understands_the_units_and_finds_them_closed(tmp_path: Path) -> None:
    units = placed(tmp_path)
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    for unit in units:
        if unit.suffix == ".service":
            # 20 stands for 2.0 of 10.
            asked = ["systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20", str(unit)]
            assert subprocess.run(asked, capture_output=True, check=False).returncode == 0, unit.name


def test_every_service_is_hardened_and_no_secret_is_in_a_unit() -> None:
    for unit in UNITS.glob("*.service"):
        text = unit.read_text(encoding="utf-8")
        for option in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "PrivateTmp=yes"):
            assert option in text, unit.name
        assert "User=bokslut" in text or "DynamicUser=yes" in text, unit.name
        assert not re.search(r"(?i)(password|key|secret)\w*=(?!/|%d|mail_password|pseudonym_key)\S", text), unit.name
    assert "--read-only" in (UNITS / "bokslut-web.service").read_text(encoding="utf-8")
    assert "dagster" not in re.sub(r"/\w*/?dagster|DAGSTER\w*", "", heartbeat_command())


def heartbeat_command() -> str:
    text = (UNITS / "bokslut-heartbeat.service").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if line.startswith(("Exec", "After", "Wants", "Requires")))


def test_dagster_takes_its_configuration_but_for_the_database(tmp_path: Path) -> None:
    configuration = yaml.safe_load((ROOT / "deploy" / "dagster.yaml").read_text(encoding="utf-8"))
    url = configuration.pop("storage")["postgres"]["postgres_url"]
    # A user without a password, and the driver that is installed.
    assert re.match(r"postgresql\+psycopg2://\w+@/", url)
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(configuration), encoding="utf-8")

    with DagsterInstance.from_config(str(tmp_path)) as instance:
        assert instance.run_monitoring_max_runtime_seconds == 21_600
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
        assert not instance.telemetry_enabled


def script(name: str, *arguments: object, home: Home | None = None, wait: int = 5) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "BOKSLUT_BACKUP_WAIT": str(wait)}
    environment |= {"BOKSLUT_HOME": str(home.root)} if home else {}
    return subprocess.run(
        [str(ROOT / "deploy" / name), *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with something in every folder, and a release."""
    home = Home(tmp_path / "home").create()
    for folder in home.root.iterdir():
        (folder / "file with blanks å").write_text(folder.name, encoding="utf-8")
    with Register(home.register):
        pass
    release = home.published / "releases" / "2024-01-22-1"
    release.mkdir(parents=True)
    (release / "bokslut.duckdb").write_bytes(b"x")
    (release / "bokslut.duckdb").chmod(0o440)
    (home.published / "current").symlink_to("releases/2024-01-22-1")
    release.chmod(0o550)
    return home


def test_a_home_comes_back_from_its_backup_without_key_or_builds(home: Home, tmp_path: Path) -> None:
    made = script("backup", tmp_path / "copies", home=home)
    assert made.returncode == 0, made.stderr
    copy = Path(made.stdout.strip())
    assert copy.stat().st_mode & 0o077 == 0

    restored = Home(tmp_path / "restored")
    done = script("restore", copy, restored.root)

    assert done.returncode == 0, done.stderr
    names = {path.name for path in restored.root.iterdir()}
    assert names == {"archive", "inbox", "published", "raw", "register.sqlite", "rejected", "reports"}
    assert (restored.archive / "file with blanks å").read_text(encoding="utf-8") == "archive"
    assert (restored.archive.stat().st_mode & 0o777, (restored.published / "current").is_symlink()) == (0o700, True)
    release = restored.published / "current" / "bokslut.duckdb"
    assert (release.stat().st_mode & 0o777, release.parent.resolve().stat().st_mode & 0o777) == (0o440, 0o550)
    assert current_release(Home(tmp_path / "none")) is None


def test_nothing_is_restored_over_a_home_or_from_a_damaged_copy(home: Home, tmp_path: Path) -> None:
    copy = Path(script("backup", tmp_path / "copies", home=home).stdout.strip())
    assert "inte tom" in script("restore", copy, home.root).stderr
    with copy.open("r+b") as file:
        file.seek(20)
        file.write(b"damage")
    done = script("restore", copy, tmp_path / "restored")
    assert done.returncode == 1
    assert "skadad" in done.stderr
    assert not (tmp_path / "restored").exists()


def test_a_backup_waits_for_the_run_and_leaves_no_part_of_itself(home: Home, tmp_path: Path) -> None:
    with lock(home):
        done = script("backup", tmp_path / "copies", home=home, wait=0)
    assert done.returncode == 1
    assert "arbetar fortfarande" in done.stderr
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_backup_without_the_history_has_all_else_and_says_so(home: Home, tmp_path: Path) -> None:
    url = f"postgresql+psycopg2://bokslut@/bokslut_dagster?host={tmp_path}"
    (home.dagster / "dagster.yaml").write_text(f"storage:\n  postgres:\n    postgres_url: {url}\n", encoding="utf-8")
    made = script("backup", tmp_path / "copies", home=home)
    assert made.returncode == 1
    assert "saknar Dagsters historik" in made.stderr
    assert script("restore", made.stdout.strip(), tmp_path / "restored").returncode == 0
    assert (tmp_path / "restored" / "register.sqlite").exists()


def test_the_newest_fourteen_copies_are_kept(home: Home, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    for day in range(10, 26):
        for end in ("", ".sha256"):
            (copies / f"bokslut-202401{day}T060000Z.tar.gz{end}").touch()
    script("backup", copies, home=home)
    kept = sorted(path.name for path in copies.glob("*.tar.gz"))
    assert (len(kept), kept[0]) == (14, "bokslut-20240113T060000Z.tar.gz")
    assert len(list(copies.iterdir())) == 28


def test_the_settings_that_the_runbook_names_are_there() -> None:
    settings = load_settings(ROOT / "bokslut.toml")
    assert (settings.heartbeat.max_night_hours, settings.heartbeat.max_release_days) == (30, 40)
