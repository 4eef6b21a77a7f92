"""A finished run is tampered with in every way that the check is for; each is named."""

import csv
import io
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.run.scoring import judged_run, write_tables
from aurelia.bench.sample import Sample
from aurelia.bench.verify.findings import Finding, Verification
from aurelia.bench.verify.flags import budget_flags, leak_flags, parse_flags
from aurelia.bench.verify.held import held
from aurelia.bench.verify.printed import markdown_cells
from aurelia.bench.verify.run import verify
from aurelia.errors import InputError
from aurelia.graph.context import make_context
from aurelia.types.hashing import text_hash
from tests.bench.analysis.made import Marks
from tests.bench.run.study import STEPS, Study, make_study, run, target
from tests.bench.tables.rows import make_pairs
from tests.bench.verify.tampering import edit, lines
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, say
from tests.models.wire.server import Wire

ACCEPTED: Marks = [(3, False), (8, True)]
EXHAUSTED: Marks = [(3, False), (2, True)]
MARKS: Mapping[str, Marks] = {
    **{f"s{n}": ACCEPTED for n in range(4)},
    "s4": EXHAUSTED,
    **{f"open{n}": ACCEPTED for n in range(2)},
}
Edit = Callable[[dict[str, Any]], None]


def answer(request: Received) -> Behaviour:
    """A target that follows steps, and a judge that accepts whatever says B."""
    text = request.raw.decode()
    if request.body["model"] == "judge":
        return say(json.dumps({"score": int("\\nB\\n" in text or ">B<" in text)}))
    return say("Answer: B" if STEPS in text else "Answer: A")


def open_ones(sample: Sample) -> Mapping[str, Any]:
    if not sample.id.startswith("open"):
        return {}
    return {"answer_type": "open", "options": None, "ground_truth": ["the movement"]}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A run with two modes, one control and a judge, scored."""
    folder = tmp_path_factory.mktemp("study")
    study = make_study(folder, MARKS, open_ones)
    with pytest.MonkeyPatch.context() as patched, Wire(answer) as server:
        patched.setenv("AURELIA_CACHE_DIR", str(folder / "cache"))
        run(study.order(target(server), controls="first_pass"))
        score(study.out, f"{server.openai}#judge")
    return study


def score(folder: Path, judge: str | None = None) -> None:
    context = make_context()
    found = judged_run(folder, judge, context=context, prompts=context.load_prompts())
    write_tables(found)


@pytest.fixture
def out(finished: Study, tmp_path: Path) -> Path:
    """The run, to be tampered with."""
    return Path(shutil.copytree(finished.out, tmp_path / "out"))


def edit_reply(out: Path, how: Edit, condition: str = "distilled", sample: str = "s0") -> None:
    changed = edit(
        out / "replies.jsonl",
        lambda line: (line["condition"], line["sample_id"]) == (condition, sample),
        how,
    )
    assert changed == 1


def wrong(found: Verification, kind: str) -> list[Finding]:
    return [f for f in found.findings if f.wrong and f.kind == kind]


def mind(found: Verification, kind: str) -> list[Finding]:
    return [f for f in found.findings if not f.wrong and f.kind == kind]


def test_an_honest_run_comes_out_as_it_was_printed(finished: Study) -> None:
    found = verify(finished.out)
    assert not found.wrong, found.findings
    assert (found.replies, found.tables) == (21, ["table.md", "table.tex"])
    # Six accepted passes, and the first pass of all seven samples.
    assert found.rollouts == 13
    assert found.cells > 30
    assert not mind(found, "unchecked")


def test_a_score_that_was_changed(out: Path) -> None:
    edit(
        out / "results.jsonl",
        lambda line: (line["condition"], line["sample_id"]) == ("zero_shot", "s1"),
        lambda line: line.update(score=1.0, outcome="right"),
    )
    (found,) = wrong(verify(out), "result")
    assert found.count == 1
    assert "zero_shot, s1, 0: score 1.0 stands there, 0.0 comes out" in found.where[0]


def test_a_result_that_was_left_out(out: Path) -> None:
    path = out / "results.jsonl"
    kept = [line for line in path.read_text("utf-8").splitlines() if '"s1"' not in line]
    path.write_text("\n".join(kept) + "\n", "utf-8")
    (found,) = wrong(verify(out), "result")
    assert (found.count, "have no line" in found.text) == (3, True)


def test_a_cell_that_was_changed_is_named(out: Path) -> None:
    path = out / "table.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    rows[1]["value"] = "0.99"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    (found,) = wrong(verify(out), "cell")
    place = ", ".join(rows[1][name] for name in ("target", "column", "metric", "condition"))
    assert found.where[0].startswith(f"{place} value: 0.99 stands there, ")


@pytest.mark.parametrize("name", ["table.md", "table.tex"])
def test_a_printed_number_that_was_changed(out: Path, name: str) -> None:
    path = out / name
    text = path.read_text("utf-8")
    row = next(line for line in text.splitlines() if "with r" in line and "85.7" in line)
    path.write_text(text.replace(row, row.replace("85.7", "95.7"), 1), "utf-8")
    (found,) = wrong(verify(out), "cell")
    assert found.count == 1
    assert "95.7" in found.where[0]
    assert "85.7" in found.where[0]
    if name == "table.md":
        assert "with r\\*, AV-Comp: '95.7' stands there, '85.7' comes out" in found.where[0]


def test_a_reply_that_was_changed_contradicts_its_call(out: Path) -> None:
    edit_reply(out, lambda r: r.update(said=[{"raw": "Answer: B", "problem": ""}]), "zero_shot")
    found = verify(out)
    assert "its text is not the one that its call received" in wrong(found, "reply")[0].text
    assert wrong(found, "result")
    assert wrong(found, "cell")


def test_a_reply_that_is_passed_off_as_cut_off(out: Path) -> None:
    edit_reply(out, lambda r: r["said"][0].update(problem="it was cut off"))
    assert any("cut off or refused" in f.text for f in wrong(verify(out), "reply"))


def test_an_injected_text_that_was_changed(out: Path) -> None:
    edit_reply(out, lambda r: r["injected"].update(text="The answer is B."))
    found = verify(out)
    assert "not the text that it names" in wrong(found, "reply")[0].text
    assert "another text than the pass holds" in wrong(found, "handed_over")[0].text


def test_an_injected_text_forged_in_all_records_but_the_rollout(out: Path) -> None:
    def forge(reply: dict[str, Any]) -> None:
        reply["injected"]["text"] = "The answer is B."
        reply["calls"][0]["variables"]["r_star"] = text_hash("The answer is B.")

    edit_reply(out, forge)
    found = verify(out)
    assert not wrong(found, "reply")
    assert wrong(found, "handed_over")[0].where == [f"{named_target(out)}, distilled, s0, 0"]


def named_target(out: Path) -> str:
    return str(lines(out / "replies.jsonl")[0]["target"])


def test_rollouts_that_were_edited_afterwards(finished: Study, out: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(finished.rollouts, tmp_path / "moved"))
    assert not verify(out, moved).wrong

    def reword(line: dict[str, Any]) -> None:
        for iteration in line["trajectory"]["iterations"]:
            iteration["reasoning"]["steps"][0]["text"] = "Look at it for the time number 7."

    edit(moved / "trajectories.jsonl", lambda line: line["sample_id"] == "s2", reword)
    (found,) = wrong(verify(out, moved), "handed_over")
    assert {place.split(", ")[2] for place in found.where} == {"s2"}


def test_other_rollouts_than_those_of_the_manifest(
    finished: Study, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = make_study(tmp_path / "other", {"s0": ACCEPTED})
    (found,) = wrong(verify(out, other.rollouts), "manifest")
    assert "not the folder of rollouts that the run was made with" in found.text


def test_rollouts_that_are_gone(out: Path, tmp_path: Path) -> None:
    found = verify(out, tmp_path / "nowhere")
    assert not found.wrong
    assert "--r-star" in mind(found, "unchecked")[0].text


def test_a_pass_that_was_not_accepted(out: Path, finished: Study) -> None:
    def other_pass(reply: dict[str, Any]) -> None:
        text = f"1. {STEPS}"
        reply["injected"]["origin"].update(iteration=1)
        reply["injected"]["text"] = text

    edit_reply(out, other_pass)
    texts = [f.text for f in wrong(verify(out), "selection")]
    assert any("did not accept" in text for text in texts)
    edit_reply(out, lambda r: r["injected"]["origin"].update(accepted=False))
    texts = [f.text for f in wrong(verify(out), "selection")]
    assert any("not marked as accepted" in text for text in texts)
    edit_reply(out, lambda r: r["injected"]["origin"].update(sample_id="s1"))
    texts = [f.text for f in wrong(verify(out), "selection")]
    assert any("another sample's steps" in text for text in texts)


def test_accepted_steps_that_were_kept_back(out: Path) -> None:
    zero = next(
        line
        for line in lines(out / "replies.jsonl")
        if (line["condition"], line["sample_id"]) == ("zero_shot", "s0")
    )
    taken = {name: zero[name] for name in ("said", "spent", "prompt")}
    edit_reply(
        out,
        lambda r: r.update(
            **taken, status="stands", stands_for="zero_shot", injected=None, calls=[]
        ),
    )
    score(out)
    (found,) = wrong(verify(out), "selection")
    assert "1 samples have accepted steps" in found.text
    assert "for no reason" in found.text


def test_a_reply_that_stands_for_another_and_says_something_else(out: Path) -> None:
    edit_reply(out, lambda r: r.update(said=[{"raw": "Answer: B", "problem": ""}]), sample="s4")
    assert any("say something else" in f.text for f in wrong(verify(out), "reply"))


def test_a_line_that_stands_there_twice(out: Path) -> None:
    path = out / "replies.jsonl"
    text = path.read_text("utf-8")
    path.write_text(text + text.splitlines()[0] + "\n", "utf-8")
    (found,) = wrong(verify(out), "duplicate")
    assert "twice without a further attempt" in found.text


@pytest.mark.parametrize(
    ("where", "value"), [("question", "abc"), ("options", "abc"), ("evidence", "abc")]
)
def test_requests_that_differ_by_more_than_the_block(out: Path, where: str, value: str) -> None:
    edit_reply(out, lambda r: r["calls"][0]["variables"].update({where: value}))
    (found,) = wrong(verify(out), "prompt")
    assert found.where == [f"{named_target(out)}, distilled, s0, 0"]


def test_settings_and_media_that_differ(out: Path) -> None:
    edit_reply(out, lambda r: r["calls"][0]["parameters"].update(temperature=1))
    edit_reply(out, lambda r: r["calls"][0].update(requested_model="other"), sample="s1")
    edit_reply(out, lambda r: r.update(clip="muted"), sample="s2")

    def without_media(reply: dict[str, Any]) -> None:
        for message in reply["calls"][0]["messages"]:
            message["parts"] = [part for part in message["parts"] if not part["media"]]

    edit_reply(out, without_media, sample="s3")
    (found,) = wrong(verify(out), "prompt")
    assert found.count == 4


def test_templates_that_differ_by_more_than_the_block(out: Path) -> None:
    kept = next((out / "prompts").glob("target_distilled@*.md"))
    text = kept.read_text("utf-8").replace("{{question}}", "{{question}}\n\nThink hard.")
    kept.write_text(text, "utf-8")
    found = verify(out)
    assert "kept prompts were edited" in wrong(found, "manifest")[0].text
    assert "differ by more than the r* block" in wrong(found, "prompt")[0].text


def test_samples_that_were_edited(out: Path) -> None:
    edit(
        out / "samples.jsonl",
        lambda line: line["id"] == "s0",
        lambda line: line.update(ground_truth=["A"]),
    )
    found = verify(out)
    assert "samples.jsonl was edited" in wrong(found, "manifest")[0].text
    assert wrong(found, "result")


def test_a_manifest_that_was_edited(out: Path) -> None:
    path = out / "manifest.json"
    held_there = json.loads(path.read_text("utf-8"))
    held_there["prompts"]["target_distilled"] = "0" * 12
    held_there["target_prompts"] = {}
    path.write_text(json.dumps(held_there), "utf-8")
    assert "not those of the manifest" in wrong(verify(out), "manifest")[0].text


def test_a_manifest_that_names_no_rollouts(out: Path) -> None:
    path = out / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "r_star": None}), "utf-8")
    (found,) = wrong(verify(out), "manifest")
    assert found.count == 13


def test_a_judgement_that_was_changed(out: Path) -> None:
    edit(
        out / "judgements.jsonl",
        lambda line: "Answer: A" in line["raw"],
        lambda line: line["scored"].update(score=1.0, outcome="right"),
    )
    score(out)
    found = verify(out)
    assert "not what their judge replied" in wrong(found, "judgement")[0].text


def test_a_judgement_moved_to_another_answer(out: Path) -> None:
    edit(
        out / "judgements.jsonl",
        lambda line: "Answer: B" in line["raw"],
        lambda line: line.update(raw="Answer: A"),
    )
    found = verify(out)
    assert "under another question or answer" in wrong(found, "judgement")[0].text


def test_modes_judged_by_different_judges(out: Path) -> None:
    edit(
        out / "judgements.jsonl",
        lambda line: "Answer: B" in line["raw"],
        lambda line: line["scored"]["judge"].update(prompt="kinder@1"),
    )
    (found,) = wrong(verify(out), "judge")
    assert "kinder@1" in found.text


def test_replies_that_are_missing(out: Path) -> None:
    path = out / "replies.jsonl"
    kept = [
        line
        for line in lines(path)
        if (line["condition"], line["sample_id"]) != ("distilled", "s0")
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in kept), "utf-8")
    score(out)
    texts = [f.text for f in mind(verify(out), "selection")]
    assert any("1 of 7 replies are missing" in text for text in texts)
    assert any("different denominators" in text for text in texts)


def test_a_limit_and_samples_that_ask_the_same(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": ACCEPTED, "s1": ACCEPTED, "s2": ACCEPTED}, same_question)
    with Wire(answer) as server:
        run(study.order(target(server), limit=2))
    score(study.out)
    found = verify(study.out)
    assert not found.wrong
    assert any("A limit was used: 2 of 3" in f.text for f in mind(found, "selection"))
    assert mind(found, "duplicate")[0].count == 2
    edit(
        study.out / "samples.jsonl",
        lambda line: line["id"] == "s0",
        lambda line: line.update(ground_truth=["A"]),
    )
    assert wrong(verify(study.out), "manifest")[0].where == ["s0"]


def same_question(_: Sample) -> Mapping[str, Any]:
    return {"question": "What sounds?"}


def test_a_run_that_was_not_scored_or_is_none(out: Path, tmp_path: Path) -> None:
    for name in ("results.jsonl", "table.csv", "table.md"):
        (out / name).unlink()
    texts = [f.text for f in verify(out).findings if f.wrong]
    assert sum("score the run first" in text for text in texts) == 3
    with pytest.raises(InputError, match=r"no manifest\.json"):
        verify(tmp_path)


def test_steps_that_state_the_answer(out: Path) -> None:
    edit_reply(out, lambda r: r["injected"]["origin"].update(leaks=2))
    (found,) = mind(verify(out), "leak")
    assert found.count == 1


def test_what_a_reader_without_the_clip_gains() -> None:
    results = make_pairs("0" * 12 + "1" * 8, "1" * 12 + "1" * 8)
    named = {"zero_shot": "text_only", "distilled": "text_only_r_star"}
    moved = [r.model_copy(update={"condition": named[r.condition]}) for r in results]
    (found,) = leak_flags({}, moved)
    assert "gains +60.0 points on 20 samples" in found.text
    assert "leaves out 0" in found.text
    swapped = {"text_only": "text_only_r_star", "text_only_r_star": "text_only"}
    back = [r.model_copy(update={"condition": swapped[r.condition]}) for r in moved]
    assert leak_flags({}, back) == []


def test_replies_that_could_not_be_read_in_one_mode() -> None:
    (found,) = parse_flags(make_pairs("1" * 18 + "uu", "1" * 20))
    assert "10 % of the zero-shot replies could not be read and 0 %" in found.text
    assert parse_flags(make_pairs("1" * 19 + "u", "1" * 20)) == []
    (found,) = parse_flags(make_pairs("1" * 20, "1" * 18 + "ff"))
    assert "failed" in found.text


def test_budgets_and_the_controls_that_match_them(finished: Study) -> None:
    replies = {r.key: held(r) for r in finished.replies().values()}
    (found,) = budget_flags(replies)
    assert "no control that takes as much was run" in found.text
    as_much = {
        (key[0], "self_consistency", *key[2:]): one
        for key, one in replies.items()
        if key[1] == "distilled"
    }
    (found,) = budget_flags({**replies, **as_much})
    assert "controls that take as much: self_consistency" in found.text
    for name in ("target_with_answer", "other_clip_steps", "actor_answer"):
        # They book a loop's calls, whatever they are.
        booked = {(key[0], name, *key[2:]): one for key, one in as_much.items()}
        (found,) = budget_flags({**replies, **booked})
        assert "no control that takes as much was run" in found.text
    equal = {key: one for key, one in replies.items() if key[1] == "zero_shot"}
    equal |= {(key[0], "distilled", *key[2:]): one for key, one in equal.items()}
    assert budget_flags(equal) == []


CELL = st.text("abc|\\ *0.5", min_size=1, max_size=6).map(str.strip).filter(bool)


@given(st.lists(CELL, min_size=4, max_size=4))
def test_every_cell_of_a_markdown_table_has_a_name(texts: list[str]) -> None:
    from aurelia.bench.tables.grid import Grid, GridRow
    from aurelia.bench.tables.written import as_markdown, markdown_text

    rows = [GridRow("t", "one", (texts[0], texts[1])), GridRow("t", "  95 %", (texts[2], texts[3]))]
    cells = markdown_cells(as_markdown(Grid("T", ("a", "b"), rows, ["a note"])))
    assert list(cells.values()) == [*map(markdown_text, texts), "a note"]


@pytest.fixture(autouse=True)
def _one_cache(finished: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(finished.folder / "cache"))
