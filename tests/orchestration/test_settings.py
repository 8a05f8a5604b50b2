from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.home import Home
from orchestration.settings import Settings, SettingsError, load_settings
from sources.registry import SOURCES

_REOPENED = """
[[closing.reopened]]
board = "{board}"
period_from = 202211
period_to = {last}
opened_on = 2023-02-01
until = {until}
reason = "Hyra rättad"
"""


def test_the_shipped_file_says_what_the_defaults_say() -> None:
    shipped = load_settings(Path(__file__).parents[2] / "bokslut.toml")

    assert shipped.model_dump(exclude={"sources"}) == Settings().model_dump(exclude={"sources"})
    for source in SOURCES:
        assert shipped.max_quarantined_share(source.code) == Settings().max_quarantined_share(source.code)


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[municipality]\nname = ''", "municipality.name"),
        ("[municipality]\norganisation_number = '2120001553'", "municipality.organisation_number"),
        ("[municipality]\ntime_zone = 'Europe/Alingsås'", "finns inte"),
        ("[municipality]\norgnr = '212000-1553'", "nyckeln municipality.orgnr är okänd"),
        ("boards = []", "minst en nämnd"),
        ("[[boards]]\ncode='KS'\nname='A'\n[[boards]]\ncode='KS'\nname='B'", "flera gånger"),
        ("[sources.ledgr]\nencoding = 'cp437'", "okänd källa ledgr"),
        ("[sources.ledger]\nencoding = 'ebcdic'", "sources.ledger.encoding"),
        ("[sources.ledger.dimensions]\nansvar = 'enhet'", "sources.ledger.dimensions.ansvar"),
        ("[sources.ledger.companies.77.columns]\nKST_ID = 'enhet'", "sources.ledger.companies.77.columns.KST_ID"),
        ("[sources.ledger.companies.77]\namount_unit = 'tkr'", "sources.ledger.companies.77.amount_unit"),
        ("[thresholds]\nmax_quarantined_share = 2", "thresholds.max_quarantined_share"),
        ("[kolada]\nkpis = ['Insikt']", "kolada.kpis.0"),
        ("[kolada]\nurl = 'api.kolada.se/v3'", "kolada.url"),
        ("[comparison]\nmunicipalities = ['Ale']", "comparison.municipalities.0"),
        ("[database]\nmemory_limit = '80%'", "database.memory_limit"),
        ("[database]\nmemory_limit = '0GB'", "database.memory_limit"),
        ("[database]\nthreads = 0", "database.threads"),
        ("[query]\nmax_seconds = 0", "query.max_seconds"),
        ("[releases]\nkept_days = 0", "releases.kept_days"),
        ("[closing]\nclosed_through = 202213", "202213 är ingen månad"),
        (f"[closing]\n{_REOPENED.format(board='SN', last=202212, until='2023-02-10')}", "okänd nämnd SN"),
        (f"[closing]\n{_REOPENED.format(board='KS', last=202210, until='2023-02-10')}", "före sin början"),
        (f"[closing]\n{_REOPENED.format(board='KS', last=202212, until='2023-01-31')}", "före sin början"),
        ("[[closing.reopened]]\nperiod_from = 202211\nperiod_to = 202212", "closing.reopened.0.reason"),
        ("[calendar.ledgr]", "okänd källa ledgr"),
        ("[calendar.ledger]\ndelivered = { warn = 7, fail = 3 }", "fail får inte vara mindre än warn"),
        ("[inbox\n", "inte giltig TOML"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "bokslut.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        load_settings(file)

    assert str(file) in str(caught.value)
    assert says in str(caught.value)


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOKSLUT_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError, match="filen finns inte"):
        load_settings()


def test_the_home_is_data_beside_us_unless_the_environment_says_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Home.from_environment().root == tmp_path / "data"
    monkeypatch.setenv("BOKSLUT_HOME", str(tmp_path / "elsewhere"))
    assert Home.from_environment().create().inbox == tmp_path / "elsewhere" / "inbox"
    assert (tmp_path / "elsewhere" / "keys").stat().st_mode & 0o077 == 0
