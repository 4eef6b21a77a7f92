"""Manifest, samples, prompts, judgements and the replies' file itself: are they what they say?"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aurelia.bench.imports.manifest import items_hash
from aurelia.bench.journal_head import BadLine, read_head
from aurelia.bench.lines import Lines, named
from aurelia.bench.run.judging import JUDGEMENTS, Judge, KeptJudgement
from aurelia.bench.run.prompts import PROMPTS
from aurelia.bench.run.reply import KEY, REPLIES
from aurelia.bench.run.score import SAMPLES
from aurelia.bench.sample import Sample, read_samples
from aurelia.bench.verify.findings import Finding, finding, some
from aurelia.errors import InputError, ReplyError
from aurelia.evaluators.reading import read_free
from aurelia.models.structured import read_reply
from aurelia.prompts.parse import parse_document
from aurelia.prompts.template import schema_text
from aurelia.types.hashing import json_hash


def check_samples(
    folder: Path, manifest: Mapping[str, Any], samples: Mapping[str, Sample]
) -> list[Finding]:
    """The kept samples against the manifest, and against the file that they came from."""
    found: list[Finding] = []
    about = manifest.get("samples") or {}
    listed, count = list(samples.values()), int(about.get("count") or 0)
    origin = Path(str((manifest.get("places") or {}).get("samples") or ""))
    if len(listed) == count:
        if about.get("items_sha256") != items_hash(listed):
            found.append(
                finding(
                    "manifest",
                    True,
                    f"{SAMPLES} was edited: it has another hash than the manifest says.",
                    [SAMPLES],
                )
            )
    elif origin.is_file():
        found += _check_part(origin, about, samples)
    else:
        found.append(
            finding(
                "unchecked",
                False,
                f"{SAMPLES} holds {len(listed)} of {count} samples, and {origin} is not there: "
                "whether they were edited can't be checked.",
                [SAMPLES],
            )
        )
    if len(listed) < count:
        found.append(
            finding(
                "selection",
                False,
                f"A limit was used: {len(listed)} of {count} samples were asked about.",
                ["--limit"],
            )
        )
    asked = {s.id: _asked(s) for s in listed}
    same = Counter(asked.values())
    twice = [name for name, what in asked.items() if same[what] > 1]
    found += some(
        "duplicate", False, "{n} samples ask the same of the same clip as another one.", twice
    )
    imported = about.get("imported") or {}
    if imported.get("edited_since"):
        found.append(
            finding(
                "manifest",
                False,
                "The samples were edited after their import: they are not what the importer gave.",
                [str(imported.get("title", ""))],
            )
        )
    return found


def _asked(sample: Sample) -> tuple[object, ...]:
    """What two samples have in common that are the same question."""
    tracks = tuple(sorted(sample.candidates.values()))
    window = sample.start_s, sample.end_s
    return sample.clip, sample.audio, window, tracks, sample.asked, str(sample.options)


def _check_part(
    origin: Path, about: Mapping[str, Any], samples: Mapping[str, Sample]
) -> list[Finding]:
    try:
        whole = {sample.id: sample for sample in read_samples(origin)}
    except InputError as error:
        return [finding("unchecked", False, str(error), [str(origin)])]
    if items_hash(list(whole.values())) != about.get("items_sha256"):
        return [
            finding(
                "manifest",
                True,
                f"{origin} is not the samples file that the manifest names.",
                [str(origin)],
            )
        ]
    edited = [
        name
        for name, sample in samples.items()
        if name not in whole or items_hash([sample]) != items_hash([whole[name]])
    ]
    return some("manifest", True, f"{{n}} samples of {SAMPLES} were edited.", edited)


def check_prompts(folder: Path, used: set[str], manifest: Mapping[str, Any]) -> list[Finding]:
    """Kept templates against the hashes in their names, and used ones against the manifest."""
    found: list[Finding] = []
    texts = kept_prompts(folder)
    edited = [name for name, text in texts.items() if _identity(name, text) != name]
    found += some("manifest", True, "{n} kept prompts were edited: their hash is another.", edited)
    known = {f"{name}@{digest}" for name, digest in (manifest.get("prompts") or {}).items()}
    # A target may be asked in words, or with r* at a place, of its own.
    of_targets = {n for names in (manifest.get("target_prompts") or {}).values() for n in names}
    known |= of_targets
    if manifest.get("prompts"):
        text = f"{{n}} prompts that targets were asked with are not kept in {PROMPTS}/."
        found += some("manifest", True, text, sorted((of_targets | used) - texts.keys()))
        strange = sorted(name for name in used if name not in known)
        found += some(
            "manifest", True, "{n} prompts of the modes are not those of the manifest.", strange
        )
    return found


def kept_prompts(folder: Path) -> dict[str, str]:
    """Texts of kept templates by `name@hash`."""
    return {
        path.name.removesuffix(".md"): path.read_text("utf-8", errors="surrogateescape")
        for path in sorted((folder / PROMPTS).glob("*@*.md"))
    }


def _identity(name: str, text: str) -> str:
    document, problems = parse_document(text, name)
    if document is None or problems:
        return ""
    schema = schema_text(document.front_matter.output)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass") + b"\0" + schema.encode())
    return f"{name.partition('@')[0]}@{digest.hexdigest()[:12]}"


_AGAIN = ("attempt", "status", "rollout")


def check_lines(folder: Path) -> list[Finding]:
    """Lines of one reply: a later one has to be a further attempt, and to have had a reason."""
    seen: dict[tuple[Any, ...], tuple[int, str, str]] = {}
    twice, gone, again = [], [], []
    with (folder / REPLIES).open("rb") as file:
        for line in file:
            try:
                *key, attempt, status, rollout = read_head(line, KEY, _AGAIN)
            except BadLine:
                continue  # a torn last line; any other was an error before
            place, number = tuple(key), int(attempt or 0)
            before = seen.get(place)
            if before and number <= before[0]:
                twice.append(named(place))
            elif number > (before[0] + 1 if before else 0):
                gone.append(named(place))
            elif before and before[1] != "failed" and before[2] == (rollout or ""):
                again.append(named(place))
            seen[place] = number, str(status), str(rollout or "")
    return [
        *some(
            "duplicate",
            True,
            f"{{n}} lines of {REPLIES} stand there twice without a further attempt.",
            twice,
        ),
        *some(
            "duplicate",
            True,
            f"{{n}} lines of {REPLIES} are further attempts, and the earlier ones are not there.",
            gone,
        ),
        *some(
            "duplicate",
            True,
            "{n} replies were asked for again, though the earlier one had not failed and its "
            "rollout had not changed.",
            again,
        ),
    ]


def check_judgements(folder: Path, judge: Judge | None) -> list[Finding]:
    """Each kept judgement against the judge's own words, and against what it was asked about."""
    path = folder / JUDGEMENTS
    if judge is None or not path.is_file():
        return []
    misread, moved = [], []
    for record in Lines(path, ("key",)):
        kept = KeptJudgement.model_validate(record)
        if kept.scored.judge is None or kept.scored.judge.model != judge.model:
            continue
        if _said(kept) not in (None, kept.scored.score):
            misread.append(kept.question)
        if kept.key not in _keys(kept, judge):
            moved.append(kept.question)
    return [
        *some("judgement", True, "{n} judgements are not what their judge replied.", misread),
        *some("judgement", True, "{n} judgements stand under another question or answer.", moved),
    ]


def _said(kept: KeptJudgement) -> float | None:
    """The judge's score as its raw reply has it; None where it failed."""
    scored = kept.scored
    if scored.judge is None or scored.outcome == "failed":
        return None
    quoted = (kept.question, *kept.ground_truth, read_free(kept.raw).value or "")
    try:
        reply, _ = read_reply(scored.judge.raw, "score", quoted)
    except ReplyError:
        return -1.0
    return float(getattr(reply, "score", -1.0))


def _keys(kept: KeptJudgement, judge: Judge) -> set[str]:
    """Under which keys a judgement may stand: the prompt depends on the task."""
    return {
        json_hash([judge.model, prompt, kept.question, kept.ground_truth, kept.raw])
        for prompt in {*judge.prompts.values(), ""}
    }
