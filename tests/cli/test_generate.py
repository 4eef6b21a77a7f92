"""`aurelia generate`: every rollout is kept as it ends, and the same command goes on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench.journal import Journal
from aurelia.bench.rollouts import HEAD, KEY, RolloutKey, Rollouts, open_rollouts
from aurelia.bench.sample import Fact, write_samples
from aurelia.models.ledger import open_ledger
from aurelia.prompts.loader import load_prompts
from aurelia.settings import load_settings
from tests.bench.generate.serving import CALLS, models, options, reply, wire
from tests.bench.samples import make_sample
from tests.cli.conftest import Typed
from tests.clips import make_clip
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, fail, say
from tests.models.wire.server import Wire
from tests.scripts import actor, caption, failing, script, verdict

PASSES = [actor(), caption("A tone."), verdict(3, 1), verdict(9, 2)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a clip and a file of three samples."""
    make_clip(tmp_path / "one.mp4", 1.0, moves=[(0.2, 0.5)], sounds=[(0.5, 0.8)])
    samples(tmp_path)
    return tmp_path


def samples(folder: Path, count: int = 3, **changes: Any) -> None:
    """Write the samples file."""
    listed = [
        make_sample(**{"id": f"s{n}", "question": f"What sounds {n} times?", **changes})
        for n in range(count)
    ]
    write_samples(folder / "samples.jsonl", listed)


def scripted(folder: Path, replies: list[dict[str, Any]] = PASSES) -> list[str]:
    """A command whose roles are played from a script."""
    model = script(folder, replies)
    roles = [word for r in ("actor", "summarizer", "critic") for word in (f"--{r}", model)]
    return ["generate", "samples.jsonl", "-o", "out", *roles]


def made(folder: Path, name: str = "out") -> Rollouts:
    """What is there."""
    return open_rollouts(folder / name)


def sent(server: Wire) -> str:
    """All that a server was sent."""
    return "\n".join(call.raw.decode() for call in server.calls)


def test_every_sample_variant_and_repeat_is_kept(folder: Path, typed: Typed) -> None:
    terse = folder / "terse"
    terse.mkdir()
    text = load_prompts("default", {}).get("generator").text
    (terse / "generator.md").write_text(text.replace("## user", "Be brief.\n## user"), "utf-8")
    command = [*scripted(folder), "--variant", "base=default", "--variant", f"terse={terse}"]
    done = typed(*command, "--repeat", "2", "--json")
    assert done.exit_code == 0, done.output
    rollouts = made(folder)
    assert sorted(rollouts.keys) == sorted(
        RolloutKey(f"s{n}", variant, repeat)
        for n in range(3)
        for variant in ("base", "terse")
        for repeat in range(2)
    )
    for line in rollouts:
        run = line.trajectory
        assert run is not None
        assert run.sample is not None
        assert (run.sample["id"], run.sample["variant"], run.sample["repeat"]) == line.key
        assert run.sample["task"] == "av_compositional"
        assert run.context["seed"] == line.repeat
        used = {call.prompt for call in run.iterations[0].calls if call.role == "actor"}
        assert used == {f"generator@{rollouts.manifest['variants'][line.variant]['generator']}"}
    summary = json.loads(done.stdout)
    assert (summary["done"], summary["outcomes"]["accepted"], summary["calls"]) == (12, 12, 72)
    assert "12 of 12 rollouts: 12 accepted, 0 exhausted, 0 unscored, 0 failed; $0" in done.stderr


def test_variants_are_named_as_it_begins(folder: Path, typed: Typed) -> None:
    def head(*options: str, out: str = "out") -> str:
        shown = typed(*scripted(folder), *options, "--limit", "1", "-o", out)
        assert shown.exit_code == 0, shown.output
        return next(line for line in shown.stderr.splitlines() if line.startswith("Variant"))

    assert head().split() == ["Variant", "default"]
    assert head("--variant", "alt=published", out="alt").split() == ["Variant", "alt"]
    assert made(folder, "alt").variants == ["alt"]
    both = ["--variant", "default=default", "--variant", "alt=published"]
    assert head(*both, out="both").split() == ["Variants", "default,", "alt"]
    assert made(folder, "both").variants == ["alt", "default"]


def test_the_folder_says_what_it_was_made_with(folder: Path, typed: Typed) -> None:
    assert typed(*scripted(folder), "--threshold", "7").exit_code == 0
    manifest = json.loads((folder / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["settings"]["threshold"] == 7
    assert manifest["models"]["actor"].startswith("scripted:")
    hashes = set(manifest["variants"]["default"].values())
    assert set(manifest["templates"]) == hashes
    assert manifest["samples"]["count"] == 3
    assert manifest["samples"]["kind"] == "as given"
    assert {"python", "langgraph", "langchain-openai"} <= set(manifest["versions"])


def test_the_same_command_makes_nothing_again(folder: Path, typed: Typed) -> None:
    typed(*scripted(folder))
    before = (folder / "out" / "trajectories.jsonl").read_bytes()
    again = typed(*scripted(folder, []))  # nobody would answer
    assert again.exit_code == 0
    assert "3 are there already (3 accepted, 0 exhausted, 0 unscored, 0 failed; $0), 0 to make" in (
        again.stderr
    )
    assert (folder / "out" / "trajectories.jsonl").read_bytes() == before


def test_more_repeats_and_a_higher_limit_go_on(folder: Path, typed: Typed) -> None:
    typed(*scripted(folder), "--limit", "1")
    assert made(folder).keys == [("s0", "default", 0)]
    done = typed(*scripted(folder), "--repeat", "2")
    assert "1 are there already" in done.stderr
    assert len(made(folder)) == 6


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--threshold", "7"], "settings.threshold was 6.0, now 7.0"),
        (["--max-iterations", "1"], "settings.max_iterations was 5, now 1"),
        (["--stop-when", "never"], 'settings.stop_when was "accepted", now "never"'),
        (["--critic", "offline:perception"], "models.critic was"),
        (["--preset", "published"], "variants.default.generator was"),
    ],
)
def test_other_settings_in_the_same_folder_are_refused(
    folder: Path, typed: Typed, words: list[str], named: str
) -> None:
    typed(*scripted(folder))
    refused = typed(*scripted(folder), *words)
    assert refused.exit_code == 2
    assert named in refused.stderr
    assert "nothing was started" in refused.stderr


def test_other_samples_in_the_same_folder_are_refused(folder: Path, typed: Typed) -> None:
    typed(*scripted(folder))
    samples(folder, question="Another?")
    refused = typed(*scripted(folder))
    assert refused.exit_code == 2
    assert "samples.items_sha256 was" in refused.stderr
    samples(folder)
    moved = (folder / "samples.jsonl").read_text("utf-8").replace("one.mp4", "elsewhere/one.mp4")
    (folder / "samples.jsonl").write_text(moved, "utf-8")
    assert typed(*scripted(folder)).exit_code == 0  # the same items in another place


def test_a_missing_clip_is_one_failed_rollout_and_can_be_asked_for_again(
    folder: Path, typed: Typed
) -> None:
    listed = [make_sample(id="here"), make_sample(id="gone", clip="gone.mp4")]
    write_samples(folder / "samples.jsonl", listed)
    done = typed(*scripted(folder))
    assert done.exit_code == 0
    assert "failed: gone, default, 0: There is no file at" in done.stderr
    rollouts = made(folder)
    assert rollouts.head(RolloutKey("here"))["stop_reason"] == "accepted"
    failed = rollouts.line(RolloutKey("gone"))
    assert failed is not None
    assert "gone.mp4" in failed.error
    assert "1 rollout failed; the same command with --retry-failed asks again" in done.stderr

    make_clip(folder / "gone.mp4", 1.0, sounds=[(0.5, 0.8)])
    assert "0 to make" in typed(*scripted(folder)).stderr
    assert typed(*scripted(folder), "--retry-failed").exit_code == 0
    head = made(folder).head(RolloutKey("gone"))
    assert (head["stop_reason"], head["attempt"]) == ("accepted", 1)
    assert len((folder / "out" / "trajectories.jsonl").read_text("utf-8").splitlines()) == 3


def test_a_model_that_fails_fails_its_rollout_alone(folder: Path, typed: Typed) -> None:
    bad = make_sample(id="bad", question="What is to FAIL?")
    write_samples(folder / "samples.jsonl", [bad, make_sample(id="good")])

    def answer(request: Received) -> Behaviour:
        if b"FAIL" in request.raw:
            return fail(400, "no such luck")
        return say(json.dumps(reply(request)))

    with Wire(answer) as server:
        done = typed("generate", "samples.jsonl", "-o", "out", *options(server))
        assert done.exit_code == 0
        assert "failed: bad, default, 0:" in done.stderr
        line = made(folder).line(RolloutKey("bad"))
        assert line is not None
        assert line.trajectory is not None
        assert "no such luck" in line.error
        assert made(folder).head(RolloutKey("good"))["stop_reason"] == "accepted"


def test_when_all_fail_the_command_fails(folder: Path, typed: Typed) -> None:
    done = typed(*scripted(folder, [failing("actor", "no such luck")]))
    assert done.exit_code == 1
    line = made(folder).line(RolloutKey("s0"))
    assert line is not None
    assert line.trajectory is not None
    assert "no such luck" in line.error


def test_it_gives_up_when_too_many_in_a_row_fail(folder: Path, typed: Typed) -> None:
    command = scripted(folder, [failing("actor", "the key is gone")])
    done = typed(*command, "--give-up-after", "2", "-j", "1")
    assert done.exit_code == 1
    assert "the models failed for too many rollouts in a row; 1 are missing" in done.stderr
    assert len(made(folder)) == 2
    done = typed(*scripted(folder), "--retry-failed", "--give-up-after", "2")
    assert done.exit_code == 0
    assert {made(folder).head(key)["stop_reason"] for key in made(folder).keys} == {"accepted"}


def test_missing_clips_are_no_reason_to_give_up(folder: Path, typed: Typed) -> None:
    samples(folder, clip="gone.mp4")
    done = typed(*scripted(folder), "--give-up-after", "1", "-j", "1")
    assert len(made(folder)) == 3
    assert done.exit_code == 1  # not one of them could be made


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"id": "s0", "task"', "samples.jsonl, line 1: the line"),
        (
            make_sample(ground_truth=["Z"]).model_dump_json(),
            "samples.jsonl, line 1 (one): the ground truth 'Z' is none of the options",
        ),
        (
            "\n".join([make_sample().model_dump_json()] * 2),
            "samples.jsonl, line 2: the id 'one' stands in line 1 already",
        ),
        ("", "holds no sample"),
    ],
)
def test_a_bad_samples_file_starts_nothing(
    folder: Path, typed: Typed, text: str, named: str
) -> None:
    (folder / "samples.jsonl").write_text(text, "utf-8")
    refused = typed(*scripted(folder))
    assert refused.exit_code == 2
    assert named in refused.stderr
    assert refused.stderr.rstrip().endswith("Nothing was started.")
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--variant", "a"], "is no NAME=PROMPTS_DIR"),
        (["--variant", "a/b=default"], "is no NAME=PROMPTS_DIR"),
        (["--variant", "a=default", "--variant", "a=published"], "given twice"),
        (["--variant", "a=default", "--prompts", "default"], "--variant base=default"),
        (["--variant", "a=/no/such/folder"], "/no/such/folder"),
        (["--actor", "nonsense"], "nonsense"),
        (["--max-cost", "1", "--actor", "http://127.0.0.1:9/v1#m"], "max_cost can't be kept"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_starts(
    folder: Path, typed: Typed, words: list[str], named: str
) -> None:
    refused = typed(*scripted(folder), *words)
    assert refused.exit_code == 2
    assert named in refused.stderr
    assert not (folder / "out").exists()


def test_a_review_has_nobody_to_ask(
    folder: Path, typed: Typed, configured: Callable[[str], Path]
) -> None:
    configured('[run]\nreview = "steps"\n')
    refused = typed(*scripted(folder))
    assert refused.exit_code == 2
    assert "nobody is there to decide" in refused.stderr


def test_one_command_at_a_time_writes_a_folder(folder: Path, typed: Typed) -> None:
    typed(*scripted(folder))
    with Journal(folder / "out" / "trajectories.jsonl", KEY, HEAD):
        refused = typed(*scripted(folder))
    assert refused.exit_code == 2
    assert "being written by another process" in refused.stderr


def test_rollouts_of_unknown_origin_are_not_gone_on_with(folder: Path, typed: Typed) -> None:
    typed(*scripted(folder))
    (folder / "out" / "manifest.json").unlink()
    refused = typed(*scripted(folder))
    assert refused.exit_code == 2
    assert "nobody knows what it was made with" in refused.stderr


def test_a_torn_last_line_is_made_again(folder: Path, typed: Typed) -> None:
    typed(*scripted(folder))
    file = folder / "out" / "trajectories.jsonl"
    file.write_bytes(file.read_bytes()[:-100])
    done = typed(*scripted(folder))
    assert "the last line was half written" in done.stderr
    assert len(made(folder)) == 3
    assert len([line.key for line in made(folder)]) == 3


def priced(server: Wire, configured: Callable[[str], Path]) -> list[str]:
    """A command whose models cost a thousand dollars a million tokens."""
    price = "price = { input = 1000, output = 1000 }"
    profile = "[models.{0}]\nmodel = '{0}'\nbase_url = '{1}'\n{2}\n"
    configured("".join(profile.format(role, server.openai, price) for role in models(server)))
    roles = [word for role in models(server) for word in (f"--{role}", role)]
    return ["generate", "samples.jsonl", "-o", "out", "-j", "1", *roles]


def test_the_cost_of_all_rollouts_has_a_bound(
    folder: Path, typed: Typed, configured: Callable[[str], Path]
) -> None:
    with wire() as server:
        command = priced(server, configured)
        done = typed(*command, "--max-cost", "0.15", "--json")
        assert done.exit_code == 1, done.output
        summary = json.loads(done.stdout)
        # 18 tokens a call at a thousand dollars a million: a rollout costs 0.108.
        assert (summary["why"], summary["done"]) == ("budget", 2)
        assert summary["paid_usd"] == pytest.approx(2 * CALLS * 0.018)
        assert "--max-cost is spent; 1 were not begun" in done.stderr
        done = typed(*command, "--max-cost", "1", "--json")
        assert json.loads(done.stdout)["paid_usd"] == pytest.approx(3 * CALLS * 0.018)
        assert done.exit_code == 0


def test_what_was_paid_before_a_kill_counts_in_the_cost_and_its_bound(
    folder: Path, typed: Typed, configured: Callable[[str], Path]
) -> None:
    with wire() as server:
        command = priced(server, configured)
        done = typed(*command, "--limit", "1", "--json")
        assert "at list price" not in done.stderr
        assert json.loads(done.stdout)["worth_usd"] == pytest.approx(CALLS * 0.018)
        # As a kill leaves it: the replies are recorded, and the rollout is not.
        (folder / "out" / "trajectories.jsonl").write_bytes(b"")
        done = typed(*command, "--max-cost", "0.15", "--json")
        summary = json.loads(done.stdout)
        assert (summary["why"], summary["done"]) == ("budget", 2)
        assert summary["paid_usd"] == pytest.approx(CALLS * 0.018)
        assert summary["worth_usd"] == pytest.approx(2 * CALLS * 0.018)
        assert "$0.11 paid by the rollouts that are kept; $0.22 at list price" in done.stderr
        assert len(server.calls) == 2 * CALLS
        again = typed(*command, "--max-cost", "0.2", "--json")
        assert json.loads(again.stdout)["begun"] == 0


def test_served_replies_of_unknown_price_are_not_said_to_be_free(
    folder: Path, typed: Typed
) -> None:
    with wire() as server:
        typed("generate", "samples.jsonl", "-o", "out", *options(server))
        done = typed("generate", "samples.jsonl", "-o", "other", *options(server))
    assert len(server.calls) == 3 * CALLS
    assert f"$0 paid, {3 * CALLS} calls of unknown price" in done.stderr


def test_unknown_prices_are_said_to_be_unknown(folder: Path, typed: Typed) -> None:
    with wire() as server:
        done = typed("generate", "samples.jsonl", "-o", "out", *options(server))
    assert f"{3 * CALLS} calls of unknown price" in done.stderr


def test_repeats_are_draws_of_their_own_and_served_again(folder: Path, typed: Typed) -> None:
    with wire() as server:
        typed("generate", "samples.jsonl", "-o", "out", "--repeat", "2", *options(server))
        assert len(server.calls) == 2 * 3 * CALLS
        typed("generate", "samples.jsonl", "-o", "other", "--repeat", "2", *options(server))
        assert len(server.calls) == 2 * 3 * CALLS  # another folder, the same recorded replies
        typed("generate", "samples.jsonl", "-o", "seeded", "--seed", "7", *options(server))
        assert len(server.calls) == 3 * 3 * CALLS
    assert made(folder, "other").head(RolloutKey("s0"))["cached"] == CALLS


def test_what_the_samples_know_stays_outside(folder: Path, typed: Typed) -> None:
    """Ground truth and its like are in no request, record, or cache key; a dialogue is."""
    hidden: dict[str, Any] = {
        "ground_truth": ["B"],
        "reference_reasoning": ["reference-sentinel"],
        "true_facts": [Fact(kind="text.shown", modality="visual", value="fact-sentinel")],
        "source": "source-sentinel",
        "licence": "licence-sentinel",
        "dataset": "dataset-sentinel",
        "category": "category-sentinel",
        "video_id": "video-sentinel",
        "context": "Q: context-sentinel?",
    }
    samples(folder, **hidden)
    with wire() as server:
        command = ["generate", "samples.jsonl", *options(server), "--target"]
        command += [f"{server.openai}#critic"]
        assert typed(*command, "-o", "out").exit_code == 0
        asked = sent(server)
        assert "context-sentinel" in asked
        for word in ("reference", "fact", "source", "licence", "dataset", "category", "video"):
            assert f"{word}-sentinel" not in asked
        ledger = open_ledger(load_settings().cache_dir / "ledger.jsonl").path.read_text("utf-8")
        record = (folder / "out" / "trajectories.jsonl").read_text("utf-8")
        for word in ("reference", "fact", "source", "licence"):
            assert f"{word}-sentinel" not in ledger + record
        assert "ground_truth" not in record.replace("{{ground_truth}}", "")
        # With other truths no request is another one: all replies are served.
        count = len(server.calls)
        samples(folder, **hidden | {"ground_truth": ["A"], "true_facts": [], "source": "else"})
        assert typed(*command, "-o", "other").exit_code == 0
        assert len(server.calls) == count


def test_prompts_that_are_edited_meanwhile_stop_the_run(folder: Path, typed: Typed) -> None:
    prompts = folder / "mine"
    prompts.mkdir()
    text = load_prompts("default", {}).get("summarizer").text
    file = prompts / "summarizer.md"
    file.write_text(text, "utf-8")

    def edit(served: int) -> None:
        if served == CALLS + 1:  # the second rollout is under way
            file.write_text(text.replace("## user", "Hm.\n## user"), "utf-8")

    with wire(edit) as server:
        command = ["generate", "samples.jsonl", "-o", "out", "-j", "1", *options(server)]
        command += ["--prompts", str(prompts)]
        done = typed(*command)
        assert done.exit_code == 2
        assert "summarizer is pinned as" in done.stderr
        assert made(folder).keys == [("s0", "default", 0)]
        refused = typed(*command)
        assert refused.exit_code == 2
        assert "variants.default.summarizer was" in refused.stderr
        file.write_text(text, "utf-8")
        assert typed(*command).exit_code == 0
        assert len(made(folder)) == 3
        assert len(server.calls) == 3 * CALLS


def test_windows_sounds_and_tracks_of_a_sample_are_looked_at(folder: Path, typed: Typed) -> None:
    make_clip(folder / "two.mp4", 2.0, sounds=[(0.5, 1.0)])
    write_samples(
        folder / "samples.jsonl",
        [
            make_sample(start_s=0.2, end_s=0.8, audio="two.mp4", candidates={"A": "two.mp4"}),
        ],
    )
    assert typed(*scripted(folder)).exit_code == 0
    run = made(folder).get("one")
    assert run is not None
    assert (run.clip.start_s, run.clip.end_s) == (0.2, 0.8)
    assert run.clip.audio is not None
    assert [track.label for track in run.clip.candidates] == ["A"]
    assert run.options == {"A": "The sound", "B": "The movement"}
