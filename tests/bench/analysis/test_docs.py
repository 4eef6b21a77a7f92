"""docs/analysis.md names what the analyses and the check name."""

import re
from pathlib import Path
from typing import get_args

from aurelia.bench.analysis.instead import rules
from aurelia.bench.analysis.logs import log_of
from aurelia.bench.verify.findings import Kind
from tests.bench.analysis.made import made, sample

PAGE = (Path(__file__).parents[3] / "docs" / "analysis.md").read_text("utf-8")


def test_every_kind_of_finding_is_explained() -> None:
    assert set(get_args(Kind)) <= set(re.findall(r"`(\w+)`", PAGE))


def test_every_rule_is_explained() -> None:
    logs = [
        log_of(made(sample(), [(3, False), (8, True)], about={"repeat": n}), sample())
        for n in range(2)
    ]
    rows = set(re.findall(r"^\| ([a-zτ0-9 ]+) \|", PAGE, re.M))
    plain = {"accepted at 6": "accepted at τ", "best of 2": "best of k"}
    plain["best of 2 draws"] = "best of n draws"
    assert {plain.get(rule.rule, rule.rule) for rule in rules(logs)} <= rows
