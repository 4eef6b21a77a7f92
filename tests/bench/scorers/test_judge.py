"""The judge of open answers: what it is shown, and what becomes of its word."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from aurelia.bench.sample import Sample
from aurelia.bench.scorers.judge import judge_reply
from aurelia.bench.scorers.scored import Scored
from aurelia.errors import ConfigurationError, PromptError
from aurelia.prompts.loader import load_prompts
from tests.bench.samples import make_sample
from tests.models.loopback import Loopback, says

OPEN = make_sample(answer_type="open", options=None, ground_truth=["She closes the door."])


def judged(tmp_path: Path, *replies: dict[str, Any], raw: str, sample: Sample = OPEN) -> Scored:
    script = tmp_path / "judge.yaml"
    entries = [{"role": "scorer", **reply} for reply in replies]
    script.write_text(yaml.safe_dump({"replies": entries}), "utf-8")
    return asyncio.run(
        judge_reply(sample, raw, model=f"scripted:{script}", prompts=load_prompts("default"))
    )


@pytest.mark.parametrize(("verdict", "outcome"), [(1, "right"), (0, "wrong")])
def test_the_verdict_counts_and_is_kept(tmp_path: Path, verdict: int, outcome: str) -> None:
    said = {"score": verdict, "rationale": "as the reference says"}
    scored = judged(tmp_path, {"json": said}, raw="Answer: the door is shut")
    assert (scored.outcome, scored.score) == (outcome, float(verdict))
    assert scored.judge
    assert json.loads(scored.judge.raw) == said
    assert scored.judge.rationale == "as the reference says"
    assert scored.judge.prompt.startswith("answer_judge@")


def test_a_verdict_that_is_no_verdict_is_asked_for_once_more(tmp_path: Path) -> None:
    scored = judged(
        tmp_path,
        {"json": {"score": 7}},
        {"purpose": "repair", "json": {"score": 1}},
        raw="Answer: shut",
    )
    assert scored.outcome == "right"
    assert scored.judge
    assert scored.judge.calls == 2


def test_a_judge_that_never_decides_is_a_failure_and_stays_in(tmp_path: Path) -> None:
    scored = judged(
        tmp_path,
        {"text": "Hard to say."},
        {"purpose": "repair", "text": "Still hard."},
        raw="Answer: shut",
    )
    assert (scored.outcome, scored.score) == ("failed", 0.0)
    assert scored.judge
    assert scored.judge.raw == "Still hard."


def test_a_judge_that_can_not_be_asked_is_a_failure(tmp_path: Path) -> None:
    scored = judged(tmp_path, {"error": "quota is used up"}, raw="Answer: shut")
    assert scored.outcome == "failed"
    assert "quota is used up" in scored.how


def test_nobody_is_asked_about_an_empty_reply(tmp_path: Path) -> None:
    assert judged(tmp_path, raw="<think>the door").outcome == "unparsed"


def test_the_judge_sees_answer_reference_and_question_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply with r* and one without, of the same answer, are one and the same request."""
    from aurelia.bench.scorers import judge
    from aurelia.models.ask import Asked
    from aurelia.models.request import ModelRequest, fingerprint

    seen: list[ModelRequest] = []

    async def record(request: ModelRequest, *_: Any, **__: Any) -> Asked:
        seen.append(request)
        return Asked(problem="not asked")

    monkeypatch.setattr(judge, "ask", record)
    judged(tmp_path, raw="Answer: the door is shut")
    judged(
        tmp_path,
        raw="<think>The steps given say so.</think>Following the steps.\nAnswer: the door is shut",
    )
    first, second = seen
    assert fingerprint(first) == fingerprint(second)
    assert first.media is None
    assert first.clip is None
    text = " ".join(message.text for message in first.rendered())
    assert "the door is shut" in text
    assert "She closes the door." in text
    assert "steps" not in text.lower()
    assert set(first.inputs) == set(first.variables) == {"question", "ground_truth", "reply"}


def test_models_that_measure_do_not_judge() -> None:
    with pytest.raises(ConfigurationError, match="can't compare answers"):
        asyncio.run(
            judge_reply(
                OPEN, "Answer: x", model="offline:perception", prompts=load_prompts("default")
            )
        )


def test_a_prompt_that_asks_for_words_is_refused() -> None:
    text = (
        "---\nrole: scorer\nversion: '1'\nrequired: [question, ground_truth, reply]\n"
        "output: text\n---\n## system\nCompare.\n## user\n"
        "{{question}}\n{{ground_truth}}\n{{reply}}\n"
    )
    prompts = load_prompts("default", {"answer_judge": text})
    with pytest.raises(PromptError, match="output: score"):
        asyncio.run(judge_reply(OPEN, "Answer: x", model="scripted:none.yaml", prompts=prompts))


def test_equal_answers_of_two_modes_are_judged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a provider's client and the ledger; what differs is what no judge sees."""
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))
    prompts = load_prompts("default")
    with Loopback(says('{"rationale": "same", "score": 1}'), says('{"score": 0}')) as server:

        async def both() -> list[Scored]:
            return [
                await judge_reply(OPEN, raw, model=server.model, prompts=prompts)
                for raw in ("Answer: it is shut", "<think>as told</think>Answer: it is shut")
            ]

        first, second = asyncio.run(both())
        assert len(server.requests) == 1
    assert first.outcome == second.outcome == "right"
    assert second.judge
    assert second.judge.cost_usd == 0.0
