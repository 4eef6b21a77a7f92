"""How the offline backend fares on rendered clips: `python benchmarks/offline.py [clips]`.

Prints the share accepted at the first pass, mean iterations, answers against rendered truth, the
share of planted lies rejected by kind, true captions rejected, and what a deaf target answers
without and with r*. Nothing here is a claim about the paper's gains: no language model is involved.
"""

import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from offline_scenes import Scene, Span, render, rendered_sound, scene

from aurelia.media.open import open_clip
from aurelia.models.offline.chat import build
from aurelia.types.clip import Clip
from aurelia.types.replies import CaptionReply, ReasoningReply, VerdictReply

THRESHOLD, MOST = 6.0, 5
ORDER = {"A": "The sound", "B": "The movement"}
COUNTS = {"A": "0", "B": "1", "C": "2", "D": "3"}
YES_NO = {"A": "Yes", "B": "No"}


def ask(model: BaseChatModel, role: str, clip: Clip | None, **inputs: Any) -> str:
    """One call of a role, with the envelope that the graph sends."""
    envelope = {
        "role": role,
        "iteration": 1,
        "repeat": 0,
        "clip": clip.model_dump(mode="json") if clip else None,
        "inputs": inputs,
    }
    message = HumanMessage("", additional_kwargs={"aurelia": envelope})
    return str(model.invoke([message]).content)


def run(
    clip: Clip, question: str, options: dict[str, str] | None = None
) -> tuple[ReasoningReply, VerdictReply | None, int]:
    """The loop without the graph: last reasoning, its verdict, iterations used."""
    model = build("perception", {})
    extra: dict[str, Any] = {}
    for index in range(1, MOST + 1):
        raw = ask(model, "actor", clip, question=question, options=options, **extra)
        reasoning = ReasoningReply.model_validate_json(raw)
        if reasoning.cannot_answer and not reasoning.steps:
            return reasoning, None, index
        steps = [
            {"id": f"s{n}", **s.model_dump(exclude_none=True)}
            for n, s in enumerate(reasoning.steps, 1)
        ]
        written = ask(
            model,
            "summarizer",
            None,
            question=question,
            steps=steps,
            findings=reasoning.findings,
            answer=reasoning.answer,
        )
        sentences = CaptionReply.model_validate_json(written).sentences
        verdict = judge(clip, " ".join(s.text for s in sentences), question)
        if verdict.score >= THRESHOLD:
            break
        complaints = [
            {"id": f"c{index}.{n}", **c.model_dump(exclude={"claim"})}
            for n, c in enumerate(verdict.complaints, 1)
        ]
        extra = {"previous": {**reasoning.model_dump(), "steps": steps}, "complaints": complaints}
    return reasoning, verdict, index


def judge(clip: Clip, caption: str, question: str | None) -> VerdictReply:
    """The critic's verdict on a caption."""
    model = build("perception", {})
    return VerdictReply.model_validate_json(
        ask(model, "critic", clip, caption=caption, question=question)
    )


def questions(plan: Scene) -> list[tuple[str, dict[str, str], str]]:
    """Questions with options and the letter that the rendered truth demands."""
    heard = bool(plan.sounds) and plan.has_track
    asked = [
        ("How many hard cuts are there?", COUNTS, "ABCD"[len(plan.cuts)]),
        ("Is there any sound?", YES_NO, "A" if heard else "B"),
        ("Does anything move?", YES_NO, "A" if plan.moves else "B"),
    ]
    if heard and plan.moves:
        gap = plan.moves[0][0] - plan.sounds[0][0]
        if abs(gap) > 0.4:
            asked.append(
                ("Which comes first, the sound or the movement?", ORDER, "A" if gap > 0 else "B")
            )
        shared = sum(
            max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a in plan.sounds for b in plan.moves
        )
        if shared == 0 or shared > 0.4:
            asked.append(("Do the sound and the movement overlap?", YES_NO, "A" if shared else "B"))
    if heard:
        start = plan.sounds[0][0]
        times = {
            "A": f"At {start + 1:.1f} s",
            "B": f"At {start:.1f} s",
            "C": f"At {start + 2:.1f} s",
        }
        asked.append(("When does the sound start?", times, "B"))
        first, second = plan.sounds[plan.loudest], plan.duration_s / 2
        halves = {"A": "In the first half", "B": "In the second half"}
        if first[1] < second or first[0] > second:
            asked.append(("When is the sound loudest?", halves, "A" if first[1] < second else "B"))
    return asked


def _listed(spans: tuple[Span, ...]) -> str:
    return " and ".join(f"from {a:.1f} to {b:.1f} seconds" for a, b in spans)


def true_captions(plan: Scene) -> list[str]:
    """The scene in words that the measuring code does not use for itself."""
    heard = plan.sounds if plan.has_track else ()
    sound = f"One can hear sound {_listed(heard)}." if heard else "The clip has no sound."
    moving = f"There is motion {_listed(plan.moves)}." if plan.moves else "The image stays static."
    cuts = {0: "There are no cuts.", 1: "There is a single cut."}.get(
        len(plan.cuts), f"The video has {len(plan.cuts)} cuts."
    )
    captions = [f"{sound} {moving} {cuts}"]
    parts = []
    if heard:
        a, b = heard[0][0], heard[-1][1]
        parts += [
            f"The audio is silent until about {a:.1f} s.",
            f"Nothing can be heard after {b:.1f} seconds.",
        ]
    else:
        parts.append("The whole video is silent.")
    if plan.moves:
        parts += [
            f"Everything is motionless until {plan.moves[0][0]:.1f} s.",
            f"The movement stops around {plan.moves[-1][1]:.1f} seconds.",
        ]
    else:
        parts.append("No movement is visible.")
    parts += [f"There is a cut at {c:.1f} s." for c in plan.cuts]
    if heard and plan.moves and abs(heard[0][0] - plan.moves[0][0]) > 0.4:
        early = heard[0][0] < plan.moves[0][0]
        parts.append(
            "The sound begins before the movement."
            if early
            else "The sound begins after the movement."
        )
    captions.append(" ".join(parts))
    return captions


def lies(plan: Scene) -> list[tuple[str, str]]:
    """A true caption with one planted falsehood, by kind."""
    heard = plan.sounds if plan.has_track else ()
    sound = f"Sound is heard {_listed(heard)}." if heard else "It is silent throughout."
    moving = f"The picture moves {_listed(plan.moves)}." if plan.moves else "Nothing moves."
    found: list[tuple[str, str]] = []
    if heard:
        for way in (-0.5, 0.5):
            moved = tuple((a + way, b + way) for a, b in heard)
            found.append(("sound shifted 0.5 s", f"Sound is heard {_listed(moved)}. {moving}"))
        found.append(("silent for sound", f"It is silent throughout. {moving}"))
        level = _level(plan)
        found += [
            ("level off by 10 dB", f"{sound} The sound averages {level + way:.0f} dBFS. {moving}")
            for way in (-10, 10)
        ]
        found.append(
            ("count off by one", f"Sound is heard in {len(heard) + 1} separate stretches. {moving}")
        )
    else:
        found.append(("sound for silent", f"Sound is heard from 1.0 s to 2.0 s. {moving}"))
    if plan.moves:
        for way in (-0.5, 0.5):
            moved = tuple((a + way, b + way) for a, b in plan.moves)
            found.append(("motion shifted 0.5 s", f"{sound} The picture moves {_listed(moved)}."))
        found.append(("motion denied", f"{sound} Nothing moves in the picture."))
    else:
        found.append(("motion invented", f"{sound} The picture moves throughout."))
    found.append(("count off by one", f"{sound} {moving} There are {len(plan.cuts) + 1} cuts."))
    if heard and plan.moves and abs(heard[0][0] - plan.moves[0][0]) > 0.4:
        wrong = "after" if heard[0][0] < plan.moves[0][0] else "before"
        found.append(("order reversed", f"{sound} {moving} The sound starts {wrong} the movement."))
    found.append(("picture dropped", sound))
    if plan.has_track:
        found.append(("sound dropped", moving))
    return found


def _level(plan: Scene) -> float:
    """Mean level of the rendered sound, from the rendering itself."""
    return float(10 * np.log10((rendered_sound(plan) ** 2).mean() + 1e-10))


def main(count: int = 36) -> None:
    """Render, run, print."""
    with tempfile.TemporaryDirectory() as scratch:
        plans = [scene(seed) for seed in range(100, 100 + count)]
        clips = [open_clip(render(p, Path(scratch) / f"{p.seed}.mp4")) for p in plans]
        passes = _loops(clips)
        print(f"{count} clips, threshold {THRESHOLD:g}, at most {MOST} iterations")
        print(f"description accepted at the first pass: {passes.count(1) / count:.2f}")
        print(f"accepted at all: {sum(p <= MOST for p in passes) / count:.2f}")
        print(f"mean iterations: {sum(min(p, MOST) for p in passes) / count:.2f}")
        _answers(plans, clips)
        _captions(plans, clips)


def _loops(clips: list[Clip]) -> list[int]:
    passes = []
    for clip in clips:
        _, verdict, index = run(clip, "Describe what can be seen and heard.")
        passes.append(index if verdict and verdict.score >= THRESHOLD else MOST + 1)
    return passes


def _answers(plans: list[Scene], clips: list[Clip]) -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    deaf = build("perception", {"modality": "deaf"})
    for plan, clip in zip(plans, clips, strict=True):
        for question, options, truth in questions(plan):
            reasoning, _, _ = run(clip, question, options)
            if reasoning.answer != truth and "-v" in sys.argv:
                print(
                    "  wrong:",
                    plan,
                    question,
                    options,
                    truth,
                    reasoning.answer,
                    reasoning.cannot_answer,
                    [s.text for s in reasoning.steps],
                )
            right["actor"].append(reasoning.answer == truth)
            if "sound" not in question:
                continue
            steps = "\n".join(s.text for s in reasoning.steps)
            for mode, r_star in (("zero-shot", None), ("with r*", steps)):
                reply = ask(deaf, "target", clip, question=question, options=options, r_star=r_star)
                right[f"deaf target, {mode}"].append(reply.endswith(f"Answer: {truth}"))
                chance = 1 / len(options)
            right["chance"].append(chance)  # type: ignore[arg-type]
    for name, outcomes in right.items():
        print(f"right answers, {name}: {sum(outcomes) / len(outcomes):.2f} of {len(outcomes)}")


def _captions(plans: list[Scene], clips: list[Clip]) -> None:
    rejected: dict[str, list[bool]] = defaultdict(list)
    refused = []
    for plan, clip in zip(plans, clips, strict=True):
        for caption in true_captions(plan):
            verdict = judge(clip, caption, None)
            refused.append(verdict.score < THRESHOLD)
            if refused[-1] and "-v" in sys.argv:
                print(
                    "  refused:",
                    plan.seed,
                    caption,
                    [c.model_dump() for c in verdict.claims if c.status != "supported"],
                )
        for kind, caption in lies(plan):
            score = judge(clip, caption, None).score
            rejected[kind].append(score < THRESHOLD)
            if not rejected[kind][-1] and "-v" in sys.argv:
                print("  accepted:", kind, plan.seed, caption)
    print(f"true captions rejected: {sum(refused)} of {len(refused)}")
    for kind, outcomes in sorted(rejected.items()):
        print(f"lies rejected, {kind}: {sum(outcomes)} of {len(outcomes)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 36)
