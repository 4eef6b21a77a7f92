"""What an importer makes of an annotation: rows to look up media for, or a reason to skip one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, ParamSpec

from aurelia.errors import InputError

P = ParamSpec("P")
Turns = Literal["undisclosed", "all"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user chose; an importer reads what concerns it.

    Attributes:
        split: name of the split, `test` where the rows name none; filters rows that name theirs.
        task: the task of rows that name none (`csv`, `jsonl`).
        turns: AVSD: the undisclosed turn of a dialogue (else its last), or every answered one.
        use_context: AVSD: whether models are given the dialogue so far.
        with_caption: AVSD: whether the caption precedes the dialogue.
        kinds: AV-Odyssey: values of `question_type_id` to take; none: those that ask about dance.
    """

    split: str = ""
    task: str = ""
    turns: Turns = "undisclosed"
    use_context: bool = True
    with_caption: bool = False
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotation:
    """One file of the authors', read.

    Attributes:
        sha256: of the file's bytes.
        data: what it holds.
        broken: lines that could not be read.
    """

    path: Path
    sha256: str
    data: Any
    broken: tuple["Skipped", ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """A file to look for: names to try in turn, paths or stems.

    Attributes:
        window: start and end in seconds within the file, for names that hold more than the clip.
        optional: whether the sample does without, where the file is missing.
    """

    names: tuple[str, ...]
    sound: bool = False
    window: tuple[float, float] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One sample to be, its media not looked up yet.

    Attributes:
        where: file and place, e.g. `avqa-test.json, item 12`.
        key: what the authors call the row; empty where they give no id.
        clips: where the clip may be; the first that is found counts.
        audio: a sound file to use in the place of the clip's own.
        candidates: label to sound file; all must be there.
        fields: the other fields of the `Sample`.
    """

    where: str
    key: str
    clips: tuple[Media, ...]
    fields: dict[str, Any]
    audio: Media | None = None
    candidates: dict[str, Media] = field(default_factory=dict)

    @property
    def content(self) -> list[Any]:
        """What tells this row from another; neither its place nor its file's name."""
        names = (self.fields.get(n) for n in ("question", "context", "options", "ground_truth"))
        heard = {label: media.names for label, media in self.candidates.items()}
        return [[media.names for media in self.clips], heard, *names]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that gives no sample, and why; `meant` where nobody asked for it."""

    where: str
    reason: str
    meant: bool = False


Rows = Iterator[Row | Skipped]


def guarded(where: str, make: Callable[P, Row], *args: P.args, **kwargs: P.kwargs) -> Row | Skipped:
    """The row that `make` gives, or why there is none."""
    try:
        return make(*args, **kwargs)
    except InputError as error:
        return Skipped(where, str(error))


@dataclass(frozen=True, slots=True)
class Format:
    """One importer.

    Attributes:
        name: as given on the command line, and the samples' `dataset`.
        title: the data set's own name.
        licence: what is known of its terms, in words.
        needs: the fields by which its items are known, for messages.
        fits: whether loaded data has this format's shape.
        rows: from one annotation to its rows.
    """

    name: str
    title: str
    licence: str
    needs: str
    fits: Callable[[Any], bool]
    rows: Callable[[Annotation, Wish], Rows]
    version: int = 1
