"""Every rule at arrival passes a good delivery and sees a bad one."""

from dataclasses import replace
from functools import cache

import pytest
from arrival_examples import SECRET
from every_example import BAD, GOOD
from staff_examples import PERSONAL

from expectations import loader
from expectations.messages import ABSENT

RULES = {check.name: check for suite in loader.load_suites("arrival") for check in suite.checks}


@cache
def verdict_on(name):
    """Return the verdict on the good delivery of a source, or that of one rule alone on its bad example."""
    if name in GOOD:
        return GOOD[name]().check()
    source, change = BAD[name]
    example = GOOD[source]()
    change(example)
    alone = {
        table: replace(
            suite, checks=tuple(check for check in suite.checks if check.name in {name, "postings_readable"})
        )
        for table, suite in loader.arrival_suites(example.source).items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "arrival_suites", lambda _: alone)
        return example.check()


def test_every_rule_has_a_bad_example():
    assert set(BAD) == set(RULES)


@pytest.mark.parametrize("source", GOOD)
def test_good_delivery_passes_every_rule(source):
    verdict = verdict_on(source)
    assert [o for o in verdict.outcomes if not o.passed] == []
    assert verdict.messages == ()
    assert verdict.rejected_reason is None
    assert verdict.quarantine.num_rows == 0
    assert verdict.rows_loaded == verdict.rows_in > 0


def test_every_rule_is_tried_on_some_good_delivery():
    tried = {o.name for source in GOOD for o in verdict_on(source).outcomes if o.total_rows}
    assert tried == set(RULES)


@pytest.mark.parametrize("name", BAD)
def test_rule_sees_its_bad_example(name):
    outcome = next(o for o in verdict_on(name).outcomes if o.name == name)
    assert not outcome.passed
    assert outcome.error is None
    assert outcome.failed_rows > 0


@pytest.mark.parametrize("name", BAD)
def test_consequence_follows_severity_and_scope(name):
    verdict, check = verdict_on(name), RULES[name]
    critical = check.severity == "critical"
    assert verdict.rows_in == verdict.rows_loaded + verdict.rows_quarantined
    if check.scope != "file":
        assert (name in verdict.quarantine["check_name"].to_pylist()) == critical
    elif critical:
        assert "Filen är inte inläst" in verdict.rejected_reason
        assert verdict.rows_loaded == 0
    if not critical:
        assert verdict.rejected_reason is None
        assert any("Detta är en varning" in text for text in verdict.messages)


@pytest.mark.parametrize("name", BAD)
def test_no_free_text_leaves_the_file(name):
    verdict = verdict_on(name)
    told = repr([verdict.quarantine.to_pylist(), verdict.messages, verdict.rejected_reason])
    told += repr([(o.observed, o.failing_keys.to_pylist()) for o in verdict.outcomes])
    assert not any(word in told for word in (*SECRET.split(), *PERSONAL))


@pytest.mark.parametrize("name", BAD)
def test_every_finding_names_columns_that_are_there(name):
    assert ABSENT not in repr(verdict_on(name).messages)
