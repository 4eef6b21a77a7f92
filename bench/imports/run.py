"""From annotation files to samples: the road that all importers share.

Read and recognise the files → rows → ids over all rows → those wanted → media looked up → samples.
A row that can't be used is named and skipped, the rest goes on: rows stand for themselves. A file
that can't be read as a whole, or belongs to another data set, stops everything before anything is
written.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from aurelia.bench.imports import avsd
from aurelia.bench.imports.annotation import files_of, load
from aurelia.bench.imports.formats import format_named, require
from aurelia.bench.imports.ids import digest, make_ids
from aurelia.bench.imports.lookup import MediaIndex
from aurelia.bench.imports.manifest import (
    NOTE,
    OWN_FORMATS,
    OWN_NOTE,
    Manifest,
    Source,
    file_hash,
    items_hash,
    write_manifest,
)
from aurelia.bench.imports.rows import Annotation, Format, Media, Row, Rows, Skipped, Wish
from aurelia.bench.sample import Sample, faults, write_samples
from aurelia.bench.tasks import is_task
from aurelia.errors import InputError

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    Attributes:
        samples: in the order of the authors' files, paths as they will be written.
        skipped: every row that gave none, with its reason.
        found: rows in the annotation files.
        unread: rows that were not looked at, because the limit was reached.
    """

    format: Format
    samples: tuple[Sample, ...]
    skipped: tuple[Skipped, ...]
    found: int
    unread: int
    sources: tuple[Source, ...]
    media: int


def collect(
    name: str,
    annotations: Sequence[Path],
    videos: Path,
    folder: Path,
    *,
    wish: Wish = Wish(),  # noqa: B008 (frozen)
    references: Sequence[Path] = (),
    limit: int | None = None,
    seed: int | None = None,
    tell: Tell | None = None,
) -> Imported:
    """Make samples of the authors' files; nothing is written.

    Args:
        name: the format.
        annotations: its files, or folders of them.
        videos: the folder with the clips, at any depth.
        folder: where the samples file will stand; paths below it are written relative to it.
        references: AVSD: files with the undisclosed answers.
        limit: how many samples to make.
        seed: with `limit`: draw rows at random (the same ones for the same seed), not the first.
        tell: called with rows done and rows in all.

    Raises:
        InputError: a file can't be read, is another data set's, or no row gives a sample.
        MissingExtra: a parquet file, and pyarrow is not installed.
    """
    chosen = format_named(name)
    if limit is not None and limit < 1:
        raise InputError(f"The limit is {limit}; give 1 or more.")
    if wish.task and not is_task(wish.task):
        raise InputError(f"There is no task {wish.task!r}; `own_<name>` names one of your own.")
    read = [load(path) for path in files_of(annotations)]
    for annotation in read:
        if annotation.broken and not annotation.data:
            raise InputError(f"{annotation.broken[0].where}: {annotation.broken[0].reason}.")
        require(chosen, annotation)
    answers = [load(path) for path in references]
    if answers and chosen is not avsd.FORMAT:
        raise InputError(f"--references is for avsd; {chosen.name} has its answers in its files.")
    index = MediaIndex(videos)
    rows, skipped = _rows(chosen, read, wish, answers)
    ids = make_ids(chosen.name, rows)
    samples: dict[int, Sample] = {}
    unread = 0
    for done, number in enumerate(_order(ids, rows, limit, seed), start=1):
        if limit is not None and len(samples) == limit:
            unread = len(rows) - done + 1
            break
        try:
            samples[number] = _sample(chosen, ids[number], rows[number], index, folder)
        except InputError as error:
            skipped.append(Skipped(rows[number].where, str(error)))
        if tell:
            tell(done, len(rows))
    if not samples:
        why = f"; first: {skipped[0].where}: {skipped[0].reason}" if skipped else ""
        raise InputError(f"None of {len(rows)} rows gives a sample{why}.")
    return Imported(
        format=chosen,
        samples=tuple(samples[n] for n in sorted(samples)),
        skipped=tuple(skipped),
        found=len(rows),
        unread=unread,
        sources=tuple(
            Source(name=a.path.name, sha256=a.sha256, role=role)
            for role, files in (("annotations", read), ("references", answers))
            for a in files
        ),
        media=index.count,
    )


def write(
    path: Path, imported: Imported, wish: Wish, limit: int | None, seed: int | None
) -> Manifest:
    """Write `samples.jsonl` with its manifest beside it."""
    samples = imported.samples
    write_samples(path, samples)
    manifest = Manifest(
        title=imported.format.title,
        dataset=imported.format.name,
        importer=f"{imported.format.name} {imported.format.version}",
        aurelia=version("aurelia"),
        sources=list(imported.sources),
        wish=asdict(wish) | {"kinds": list(wish.kinds)},
        limit=limit,
        seed=seed,
        samples=len(samples),
        skipped=len(imported.skipped),
        tasks=dict(Counter(sample.task for sample in samples)),
        samples_sha256=file_hash(path),
        items_sha256=items_hash(samples),
        licence=imported.format.licence,
        note=OWN_NOTE if imported.format.name in OWN_FORMATS else NOTE,
    )
    write_manifest(path, manifest)
    return manifest


def _rows(
    chosen: Format, read: Sequence[Annotation], wish: Wish, answers: Sequence[Annotation]
) -> tuple[list[Row], list[Skipped]]:
    rows: list[Row] = []
    skipped = [line for annotation in read for line in annotation.broken]
    for made in chain.from_iterable(_made(chosen, read, wish, answers)):
        if isinstance(made, Row):
            rows.append(made)
        else:
            skipped.append(made)
    return rows, skipped


def _made(
    chosen: Format, read: Sequence[Annotation], wish: Wish, answers: Sequence[Annotation]
) -> Iterator[Rows]:
    references = avsd.References(answers)
    for annotation in read:
        if chosen is avsd.FORMAT:
            yield avsd.dialogue_rows(annotation, wish, references)
        else:
            yield chosen.rows(annotation, wish)


def _order(
    ids: Sequence[str | None], rows: Sequence[Row], limit: int | None, seed: int | None
) -> list[int]:
    """The order to try rows in: as they stand, or drawn by a hash of seed and id."""
    numbers = list(range(len(rows)))
    if seed is None or limit is None:
        return numbers
    return sorted(numbers, key=lambda n: digest([seed, ids[n] or "", n if not ids[n] else 0]))


def _sample(chosen: Format, name: str | None, row: Row, index: MediaIndex, folder: Path) -> Sample:
    if name is None:
        raise InputError("it repeats an earlier row word for word: same clip, question and answer")
    clip, window = _clip(row, index)
    located: dict[str, Any] = {"clip": _written(clip, folder), **window}
    if row.audio:
        sound = _sound(row.audio, index)
        located["audio"] = _written(sound, folder) if sound else None
    located["candidates"] = {
        label: _written(index.find(media), folder) for label, media in row.candidates.items()
    }
    try:
        sample = Sample(
            id=name,
            source=row.where,
            **{
                "dataset": chosen.name,
                "licence": chosen.licence,
                **{k: v for k, v in row.fields.items() if k != "licence" or v},
                **located,
            },
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"`{where}`: {first['msg'].lower()}") from None
    wrong = faults(sample)
    if wrong:
        raise InputError(wrong[0])
    if not _is_text(sample):
        raise InputError("a text holds half a character (a lone surrogate), or a file name does")
    if not is_task(sample.task):
        raise InputError(f"there is no task {sample.task!r}; `own_<name>` names one of your own")
    return sample


def _is_text(sample: Sample) -> bool:
    try:
        sample.model_dump_json()
    except PydanticSerializationError:
        return False
    return True


def _clip(row: Row, index: MediaIndex) -> tuple[Path, dict[str, float]]:
    first: InputError | None = None
    for media in row.clips:
        try:
            found = index.find(media)
        except InputError as error:
            first = first or error
            continue
        return found, dict(zip(("start_s", "end_s"), media.window or (), strict=False))
    raise first or InputError("it names no clip")


def _sound(media: Media, index: MediaIndex) -> Path | None:
    try:
        return index.find(media)
    except InputError:
        if media.optional:
            return None
        raise


def _written(path: Path, folder: Path) -> str:
    """A path as it stands in the samples file: relative below its folder, else absolute."""
    full = Path(os.path.abspath(path))  # noqa: PTH100 (keeps links as they are)
    home = Path(os.path.abspath(folder))  # noqa: PTH100
    return full.relative_to(home).as_posix() if full.is_relative_to(home) else str(full)
