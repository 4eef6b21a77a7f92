"""Loads a prompt set: a shipped one, or a directory that changes some of its prompts.

Files are looked at when asked for, not at import, so that an edit counts at once; what has not
changed is neither read nor parsed again. This lists a directory: in async code, call it in a
thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from aurelia.errors import PromptError
from aurelia.prompts.build import build_templates
from aurelia.prompts.folder import Folders
from aurelia.prompts.inventory import base_name
from aurelia.prompts.inventory_controls import SPECS
from aurelia.prompts.partials import SourceFile
from aurelia.prompts.problems import Problem, suggest
from aurelia.prompts.template import Template

SETS = ("default", "published")
PARTIAL = ("brief",)
"""Shipped sets that hold some prompts; the others come from `default`."""
CASES_FILE = "cases.yaml"
_IGNORED = ("README.md",)


@dataclass(frozen=True)
class PromptSet:
    """The prompts of one run.

    Attributes:
        name: the set's name, or that of the directory.
        templates: by name; task variants as `generator.av_meme`.
    """

    name: str
    templates: dict[str, Template]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all templates, in the inventory's order, variants after their base."""
        order = list(SPECS)
        return tuple(sorted(self.templates, key=lambda n: (order.index(base_name(n)), n)))

    def get(self, name: str, task: str | None = None) -> Template:
        """The template `name.task` where there is one, else `name`.

        Raises:
            PromptError: there is no prompt of that name.
        """
        variant = self.templates.get(f"{name}.{task}") if task else None
        template = variant or self.templates.get(name)
        if template is None:
            hint = suggest(name, self.templates)
            raise PromptError(f"Prompt set `{self.name}` has no prompt `{name}`{hint}")
        return template


@dataclass(frozen=True)
class Inspection:
    """A set as far as it can be loaded, its files (partials as `_name`), and its problems."""

    prompts: PromptSet
    files: dict[str, SourceFile]
    problems: list[Problem]


def load_prompts(
    source: str | Path = "default", overrides: Mapping[str, str] | None = None
) -> PromptSet:
    """Load a prompt set.

    Args:
        source: `default`, `published`, `brief` (target prompts alone), or a directory. A directory
            may hold some prompts only; the others come from `default`.
        overrides: whole template texts by name (`generator`, `generator.av_meme`, or `_name` for a
            partial), which replace those of the source.

    Raises:
        PromptError: no such set or directory, or a template is wrong; names file, line and
            placeholder.
    """
    found = inspect_prompts(source, overrides)
    if found.problems:
        more = len(found.problems) - 1
        tail = f" (and {more} more; `aurelia prompts check` lists them)" if more else ""
        raise PromptError(f"{found.problems[0]}{tail}")
    return found.prompts


def inspect_prompts(
    source: str | Path = "default",
    overrides: Mapping[str, str] | None = None,
    *,
    controls: bool = False,
) -> Inspection:
    """As `load_prompts`, but hands back the problems instead of raising the first.

    Args:
        source: as of `load_prompts`.
        overrides: as of `load_prompts`.
        controls: whether the prompts of the benchmark's controls are wanted as well: they are
            shared by all sets, and built with the partials of this one.

    Raises:
        PromptError: no such set or directory, or a file can't be read.
    """
    directory = set_directory(source)
    files = _read_directory(directory)
    if not _is_shipped(source):
        files = _layered(_read_directory(set_directory("default")), files)
    if controls:
        files = _layered(_read_directory(Path(__file__).parent / "controls"), files)
    return _inspected(source, files, overrides)


def known_prompts(source: str | Path, overrides: Mapping[str, str]) -> PromptSet | None:
    """A shipped set as `load_prompts` last found it, with `overrides`; looks at no file.

    None where it has to be loaded: a directory of the user's own, a set that was not loaded yet, or
    texts that are wrong. Every node of a run asks, and a look at a dozen files from a thread costs
    more than all else that a node begins with; a run looks once, when it begins.
    """
    files = _folders.known(set_directory(source)) if _is_shipped(source) else None
    if files is None:
        return None
    last = _last.get(str(source))
    if last is None or last[0] is not files or last[1] != overrides:
        read = {name: file for name, file in files.items() if file is not None}
        found = _inspected(source, read, overrides)
        prompts = None if found.problems else found.prompts
        last = _last[str(source)] = (files, dict(overrides), prompts)
    return last[2]


def _inspected(
    source: str | Path, files: dict[str, SourceFile], overrides: Mapping[str, str] | None
) -> Inspection:
    given = {
        name: SourceFile(f"override {name}", _normalised(text))
        for name, text in (overrides or {}).items()
    }
    files = _layered(files, given)
    templates, problems = _built(tuple(files.items()))
    return Inspection(PromptSet(set_name(source), dict(templates)), files, list(problems))


@lru_cache(maxsize=64)
def _built(
    files: tuple[tuple[str, SourceFile], ...],
) -> tuple[dict[str, Template], list[Problem]]:
    """Templates of these very texts: every node of every run asks for them."""
    return build_templates(dict(files))


@cache
def _shipped(source: str) -> Path:
    return Path(__file__).parent / source


def set_directory(source: str | Path) -> Path:
    """The directory of a shipped set (by name) or of the user's own.

    Raises:
        PromptError: there is neither.
    """
    if _is_shipped(source) or source in PARTIAL:
        return _shipped(str(source))
    directory = Path(source)
    if not directory.is_dir():
        sets = ", ".join(f"`{name}`" for name in (*SETS, *PARTIAL))
        raise PromptError(
            f"`{source}` is neither a prompt set nor a directory; the sets are {sets}."
        )
    return directory


def set_name(source: str | Path) -> str:
    """How messages and records call a source: never by an absolute path."""
    if _is_shipped(source) or source in PARTIAL:
        return str(source)
    return Path(source).name or "prompts"


def _is_shipped(source: str | Path) -> bool:
    return isinstance(source, str) and source in SETS


def _layered(
    below: Mapping[str, SourceFile], above: Mapping[str, SourceFile]
) -> dict[str, SourceFile]:
    """`above` over `below`; a prompt given above hides the task variants of it below."""
    kept = {
        name: file
        for name, file in below.items()
        if name.startswith("_") or base_name(name) not in above
    }
    return {**kept, **above}


def _read_directory(directory: Path) -> dict[str, SourceFile]:
    found = _folders.contents(directory)
    return {name: file for name, file in found.items() if file is not None}


def _source_file(path: Path) -> SourceFile | None:
    if path.name in _IGNORED:
        return None
    return SourceFile(f"{path.parent.name or 'prompts'}/{path.name}", read_text(path))


def read_text(path: Path) -> str:
    """A file's text with plain line ends.

    Raises:
        PromptError: it can't be read or is not UTF-8.
    """
    try:
        return _normalised(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PromptError(
            f"{path.name} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from None
    except OSError as error:
        raise PromptError(f"{path.name} can't be read: {error.strerror}.") from None


def _normalised(text: str) -> str:
    return text.replace("\r\n", "\n")


_folders = Folders(_source_file)

_last: dict[str, tuple[Mapping[str, SourceFile | None], dict[str, str], PromptSet | None]] = {}
"""Of each shipped set, what was last known: of which files, and with which texts in their place."""
