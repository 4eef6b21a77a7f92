"""What is wrong with a samples file, all of it, each finding by file and line.

Errors make a sample unusable or count it twice; warnings are for a person to judge. Where running
a benchmark stops at the first error, this goes on to the last line.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from aurelia.bench.check_media import Probed, probe_all
from aurelia.bench.imports.ids import digest
from aurelia.bench.imports.lookup import MediaIndex
from aurelia.bench.imports.manifest import Manifest, changed_since, manifest_path, read_manifest
from aurelia.bench.imports.rows import Media
from aurelia.bench.sample import Sample, faults, lines_of, parse_sample
from aurelia.bench.tasks import (
    CATEGORIES,
    CATEGORY_NAMES,
    FURTHER_TASKS,
    TASKS,
    is_task,
    nearest,
)
from aurelia.errors import InputError

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `code` is for programs, `message` for people."""

    level: Level
    code: str
    file: str
    line: int
    id: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a samples file holds and what is wrong with it.

    Attributes:
        samples: lines that are samples, usable or not.
        files: media files that were probed.
        tasks: samples by task; categories likewise.
        manifest: what the file was imported from, where that is known.
    """

    file: str
    samples: int
    files: int
    tasks: dict[str, int]
    categories: dict[str, int]
    findings: tuple[Finding, ...]
    manifest: Manifest | None = None

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.level == "error" for finding in self.findings)


@dataclass(slots=True)
class _Notes:
    """Findings as they are made."""

    file: str
    made: list[Finding] = field(default_factory=list)

    def add(self, level: Level, code: str, line: int, name: str, message: str) -> None:
        self.made.append(Finding(level, code, self.file, line, name, message))


def check_samples(
    path: Path,
    *,
    videos: Path | None = None,
    media: bool = True,
    cache: Path | None = None,
    workers: int = 4,
    tell: Callable[[int, int], None] | None = None,
) -> Checked:
    """Check a samples file, line by line, and the media it names.

    Args:
        videos: where to look for media that are not where the file says.
        media: whether to probe the media at all.
        cache: folder that remembers what was probed, by content.
        workers: files probed at a time.
        tell: called with files done and files in all.

    Raises:
        InputError: the file can't be read, is no text, or `videos` is no folder.
    """
    notes = _Notes(str(path))
    samples = _parsed(path, notes)
    for line, sample in samples:
        _rules(line, sample, notes)
    probes: dict[Path, Probed] = {}
    if media:
        index = MediaIndex(videos) if videos else None
        samples = [(line, _found(line, s, index, notes)) for line, s in samples]
        named = [
            Path(p) for _, s in samples for p in (s.clip, s.audio, *s.candidates.values()) if p
        ]
        probes = probe_all(named, cache, workers, tell)
        for line, sample in samples:
            _media(line, sample, probes, notes)
    _twice(samples, probes, notes)
    manifest = _manifest(path, notes)
    return Checked(
        file=str(path),
        samples=len(samples),
        files=len(probes),
        tasks=dict(Counter(s.task for _, s in samples)),
        categories=dict(Counter(s.category for _, s in samples if s.category)),
        findings=tuple(sorted(notes.made, key=lambda f: (f.line, f.level, f.code))),
        manifest=manifest,
    )


def _parsed(path: Path, notes: _Notes) -> list[tuple[int, Sample]]:
    samples: list[tuple[int, Sample]] = []
    ids: dict[str, int] = {}
    lines = lines_of(path)
    for line, text in lines:
        try:
            sample = parse_sample(text)
        except InputError as error:
            notes.add("error", "no-sample", line, "", str(error).rstrip("."))
            continue
        if sample.id in ids:
            message = f"the id {sample.id!r} stands in line {ids[sample.id]} already"
            notes.add("error", "repeated-id", line, sample.id, message)
        ids.setdefault(sample.id, line)
        samples.append((line, sample.located(path.parent)))
    if not lines:
        notes.add("error", "empty", 1, "", "the file holds no sample")
    return samples


def _rules(line: int, sample: Sample, notes: _Notes) -> None:
    """What can be told from a sample alone."""
    for fault in faults(sample):
        notes.add("error", "unusable", line, sample.id, fault)
    if not is_task(sample.task):
        known = (*TASKS, *FURTHER_TASKS)
        message = f"there is no task {sample.task!r}{nearest(sample.task, known)}"
        notes.add("error", "unknown-task", line, sample.id, message)
    category = next((c for c in CATEGORIES if c.name == sample.category), None)
    if category and sample.task in TASKS and sample.task not in category.tasks:
        message = f"the category {category.name!r} is published without samples of {sample.task}"
        notes.add("warning", "category-of-another-task", line, sample.id, message)
    if sample.dataset and sample.task in TASKS and sample.category and not category:
        near = nearest(sample.category, CATEGORY_NAMES)
        message = f"{sample.category!r} is none of the seventeen categories{near}"
        notes.add("warning", "unknown-category", line, sample.id, message)
    texts = Counter(text.casefold() for text in (sample.options or {}).values())
    alike = [
        letter for letter, text in (sample.options or {}).items() if texts[text.casefold()] > 1
    ]
    if alike:
        message = f"the options {', '.join(alike)} read alike"
        notes.add("warning", "options-alike", line, sample.id, message)


def _found(line: int, sample: Sample, index: MediaIndex | None, notes: _Notes) -> Sample:
    """The sample with media that lie elsewhere, where a folder to look in was given."""
    if index is None:
        return sample

    def seek(path: str, sound: bool) -> str:
        if Path(path).exists():
            return path
        try:
            there = index.find(Media((path,), sound=sound))
        except InputError:
            return path  # reported as missing
        message = f"{path} is missing; {there} bears its name and was checked in its place"
        notes.add("warning", "moved", line, sample.id, message)
        return str(there)

    return sample.model_copy(
        update={
            "clip": seek(sample.clip, sound=False),
            "audio": seek(sample.audio, sound=True) if sample.audio else None,
            "candidates": {k: seek(p, sound=True) for k, p in sample.candidates.items()},
        }
    )


def _media(line: int, sample: Sample, probes: dict[Path, Probed], notes: _Notes) -> None:
    """What is missing or broken of one sample's media."""
    heard = [("the separate audio", sample.audio)] if sample.audio else []
    heard += [(f"candidate {label}", path) for label, path in sample.candidates.items()]
    for what, path in (("the clip", sample.clip), *heard):
        known = probes[Path(path or "")]
        if known.facts is None:
            code = "broken-media" if known.sha256 else "missing-media"
            notes.add("error", code, line, sample.id, f"{what}: {known.problem}")
            continue
        for warning in known.facts.warnings:
            notes.add("warning", "damaged-media", line, sample.id, f"{what}: {warning.rstrip('.')}")
        if what != "the clip" and not known.facts.has_audio:
            message = f"{what}: {path} holds no sound"
            notes.add("error", "no-sound", line, sample.id, message)
    clip = probes[Path(sample.clip)].facts
    if clip is None:
        return
    if not clip.has_audio and not heard:
        message = f"the clip {sample.clip} has no sound, and the sample names no other"
        notes.add("warning", "silent-clip", line, sample.id, message)
    if not clip.has_video:
        message = f"the clip {sample.clip} has no picture"
        notes.add("warning", "no-picture", line, sample.id, message)
    if sample.start_s is not None and sample.start_s >= clip.duration_s:
        message = (
            f"the window starts at {sample.start_s:g} s; the clip ends at {clip.duration_s:.2f} s"
        )
        notes.add("error", "window", line, sample.id, message)
    elif sample.end_s is not None and sample.end_s > clip.duration_s + 0.5:
        message = f"the window ends at {sample.end_s:g} s, the clip at {clip.duration_s:.2f} s"
        notes.add("warning", "window", line, sample.id, message)


def _twice(samples: list[tuple[int, Sample]], probes: dict[Path, Probed], notes: _Notes) -> None:
    """The same question about the same clip, whatever its file is called."""

    def content(path: str) -> str:
        known = probes.get(Path(path))
        return known.sha256 if known and known.sha256 else path

    seen: dict[str, tuple[int, Sample]] = {}
    for line, sample in samples:
        tracks = {label: content(path) for label, path in sample.candidates.items()}
        asked = [sample.question.casefold(), sample.options, sample.context]
        shown = [content(sample.clip), sample.start_s, sample.end_s, tracks]
        key = digest([shown, asked])
        if key not in seen:
            seen[key] = (line, sample)
            continue
        first, other = seen[key]
        if set(other.ground_truth) == set(sample.ground_truth):
            message = f"the same clip and question as line {first} ({other.id})"
            notes.add("error", "repeated-question", line, sample.id, message)
        else:
            message = f"line {first} ({other.id}) asks the same of this clip and has another answer"
            notes.add("warning", "other-answer", line, sample.id, message)


def _manifest(path: Path, notes: _Notes) -> Manifest | None:
    try:
        manifest = read_manifest(path)
    except InputError as error:
        notes.add("warning", "manifest", 1, "", str(error).rstrip("."))
        return None
    if manifest and changed_since(path, manifest):
        message = f"the file was changed since {manifest_path(path).name} was written"
        notes.add("warning", "changed", 1, "", message)
    return manifest
