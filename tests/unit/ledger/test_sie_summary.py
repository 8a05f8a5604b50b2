"""The figures of one file, and the command that shows them; all added up by hand."""

import json

import pytest

from sources.ledger import summarise
from sources.ledger.__main__ import main

YEAR = {
    "type": 4,
    "encoding": "cp437",
    "program": "Kommunekonomi 4.2",
    "accounts": 4,
    "dimensions": 4,
    "objects": 4,
    "vouchers": 3,
    "postings": 6,
    "added": 1,
    "removed": 1,
    "amount_sum": "0.00",
    "amount_abs": "1302.00",  # 2 x 300.00 + 2 x 250.50 + 2 x 100.50
    "unbalanced_vouchers": 0,
    "opening_balances": 2,
    "closing_balances": 2,
    "results": 2,
    "period_balances": 2,
    "period_budgets": 1,
}


def test_a_whole_year(good):
    figures = summarise(good("year_4e.se"))
    issues = figures.pop("issues")
    assert figures == YEAR
    assert [set(issue) for issue in issues] == [{"line", "label", "severity", "reason"}]


def test_rows_with_an_issue_are_counted(good):
    figures = summarise(good("oddities.se"))
    assert (figures["accounts"], figures["objects"], figures["vouchers"]) == (2, 1, 4)
    assert (figures["postings"], figures["added"]) == (15, 1)
    # 10 - 10 + 100 - 100 - 1 + 1 + 5 + 8 + 3 + 2 - 2 + 4 - 3; the two unreadable amounts are not in it
    assert (figures["amount_sum"], figures["amount_abs"]) == ("17.00", "249.00")
    assert figures["unbalanced_vouchers"] == 2


def test_balances_are_counted_once():
    lines = ["#FLAGGA 0", "#IB 0 1910 1", "#IB 0 1910 1", "#IB -1 1910 1", "#IB x 1910 1"]
    lines += [
        "#PSALDO 0 202301 3010 {1 A 6 B} 1",
        '#PSALDO 0 202301 3010 {"6" "B" "1" "A"} 1',
        "#PSALDO 0 202301 3010 {} 1",
    ]
    figures = summarise("\n".join(lines).encode())
    assert (figures["opening_balances"], figures["period_balances"]) == (3, 2)


def test_sums_may_be_longer_than_amounts():
    line = "#TRANS 1910 {} 9999999999999999.99"
    figures = summarise("\n".join(["#VER A 1 20230101", "{", line, line, "}"]).encode())
    assert figures["amount_sum"] == "19999999999999999.98"


def test_the_command_prints_json(good, tmp_path, capsys):
    path = tmp_path / "KS_2023.se"
    path.write_bytes(good("year_4e.se"))
    assert main([str(path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["amount_abs"] == "1302.00"
    assert main([str(path)]) == 0
    assert "KS_2023.se rad 46: #TRANS (info) Dimension 7" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "said"), [("web_page.se", "HTML-sida"), ("truncated.se", "avklippt")])
def test_the_command_says_why_a_file_is_refused(bad, name, said, tmp_path, capsys):
    path = tmp_path / name
    path.write_bytes(bad(name))
    assert main([str(path)]) == 1
    assert said in capsys.readouterr().err
