"""What a samples file was made from: `samples.jsonl` has `samples.manifest.json` beside it.

Nothing in it depends on when or where the import ran, so that the same files give the same
manifest. It has two hashes of the samples: of the file as it is, and of its items without their
paths, which two people with clips in different folders can compare.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from aurelia.bench.imports.ids import digest
from aurelia.bench.sample import Sample
from aurelia.errors import InputError
from aurelia.types.reasoning import Record

NOTE = (
    "A reconstruction from the authors' files: the paper's own selection of samples is not "
    "published, so this is not the set that its table was measured on."
)
OWN_NOTE = "Made from a table of one's own: no part of a published set."
OWN_FORMATS = ("csv", "jsonl")
"""What is read from them is the user's own, whatever columns say."""

_PLACES = {"clip", "audio", "candidates", "schema_version", "source"}


class Source(Record):
    """One annotation file."""

    name: str
    sha256: str
    role: str = "annotations"


class Manifest(Record):
    """Where samples come from. `kind` says that they are no published set."""

    schema_version: int = 1
    kind: str = "reconstruction"
    title: str
    dataset: str
    importer: str
    aurelia: str
    sources: list[Source]
    wish: dict[str, Any]
    limit: int | None = None
    seed: int | None = None
    samples: int
    skipped: int
    tasks: dict[str, int]
    samples_sha256: str
    items_sha256: str
    licence: str = ""
    note: str = NOTE

    @property
    def is_own(self) -> bool:
        """Whether the samples come from a table of the user's own."""
        return self.dataset in OWN_FORMATS

    @property
    def hash(self) -> str:
        """SHA-256 of the manifest, by which results name it."""
        return digest(self.model_dump())


def manifest_path(samples: Path) -> Path:
    """Where the manifest of a samples file stands."""
    return beside(samples, ".manifest.json")


def beside(samples: Path, ending: str) -> Path:
    """The file that goes with a samples file: its ending takes the place of `.jsonl` alone."""
    known = samples.suffix.lower() in (".jsonl", ".json")
    return samples.with_name((samples.stem if known else samples.name) + ending)


def items_hash(samples: Sequence[Sample]) -> str:
    """SHA-256 over the samples without their paths, in order of ids."""
    items = [
        sample.model_dump(exclude=_PLACES) | {"tracks": sorted(sample.candidates)}
        for sample in sorted(samples, key=lambda s: s.id)
    ]
    return digest(items)


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        digested = sha256()
        while block := file.read(1 << 20):
            digested.update(block)
    return digested.hexdigest()


def write_manifest(samples: Path, manifest: Manifest) -> Path:
    """Write the manifest beside its samples, with its own hash in it."""
    path = manifest_path(samples)
    scratch = path.with_name(f".{path.name}.part")
    content = {"manifest_sha256": manifest.hash, **manifest.model_dump()}
    try:
        scratch.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")
        scratch.replace(path)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.") from error
    return path


def read_manifest(samples: Path) -> Manifest | None:
    """The manifest beside a samples file; None where there is none.

    Raises:
        InputError: there is one that can't be read, or that was edited.
    """
    path = manifest_path(samples)
    try:
        content = json.loads(path.read_text("utf-8"))
        noted = content.pop("manifest_sha256", None)
        manifest = Manifest.model_validate(content)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    except (ValueError, TypeError, AttributeError):
        raise InputError(f"{path} is no manifest of samples; import them again.") from None
    if noted != manifest.hash:
        raise InputError(f"{path} was edited: its hash does not match; import the samples again.")
    return manifest


def changed_since(samples: Path, manifest: Manifest) -> bool:
    """Whether the samples file differs from what the manifest describes."""
    return file_hash(samples) != manifest.samples_sha256
