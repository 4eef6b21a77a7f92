"""docs/evaluate.md names what there is."""

import re
from pathlib import Path
from typing import get_args

import pytest

from aurelia.bench.run.reply import Origin, Reply, Spent, Status
from aurelia.bench.run.settings import LeakPolicy

PAGE = (Path(__file__).parents[3] / "docs" / "evaluate.md").read_text("utf-8")
NAMED = set(re.findall(r"`([\w.]+)`", PAGE))


@pytest.mark.parametrize("field", sorted(set(Reply.model_fields) - {"schema_version"}))
def test_the_page_explains_every_field_of_a_reply(field: str) -> None:
    assert field in NAMED


def test_the_page_explains_every_status_and_policy() -> None:
    assert {*get_args(Status), *get_args(LeakPolicy)} - {"as_run"} <= NAMED
    assert "--leaks as_run" in PAGE


def test_what_is_summed_up_in_words_is_all_there_is() -> None:
    """A new field of these wants a word on the page."""
    assert set(Origin.model_fields) == {
        *("run", "sample_id", "variant", "repeat", "iteration", "accepted", "leaks"),
    }
    assert set(Spent.model_fields) == {
        *("calls", "cached", "input_tokens", "output_tokens", "paid_usd", "worth_usd"),
    }


def test_the_page_lists_every_file_of_a_run() -> None:
    from aurelia.bench.generate.sessions import SESSIONS
    from aurelia.bench.run import judging, reply, score, scoring
    from aurelia.bench.settled import NAME

    files = {NAME, SESSIONS, reply.REPLIES, score.SAMPLES, score.RESULTS}
    assert files | {judging.JUDGEMENTS, scoring.SCORING} <= NAMED
