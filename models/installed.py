"""Python, packages and extras: what is installed, and the command for what is not."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec

from packaging.requirements import Requirement

from aurelia.types.finding import Finding

NAMED = ("langgraph", "langchain-core", "langchain-openai", "langchain-google-genai", "av")
"""Packages whose versions are worth a line in a report of a problem."""


@dataclass(frozen=True, slots=True)
class Optional:
    """What does not come with the base install.

    Attributes:
        modules: all of them are needed.
    """

    name: str
    purpose: str
    modules: tuple[str, ...]

    @property
    def install(self) -> str:
        """The command that installs it."""
        return f"pip install 'aurelia[{self.name}]'"

    def installed(self) -> bool:
        """Whether all its modules can be found; none is imported."""
        return all(find_spec(module) is not None for module in self.modules)


EXTRAS = (
    Optional("ocr", "offline models read text in pictures", ("rapidocr", "onnxruntime")),
    Optional("anthropic", "models of Anthropic", ("langchain_anthropic",)),
    Optional("ollama", "models of Ollama", ("langchain_ollama",)),
    Optional("studio", "`aurelia studio`, a server for LangGraph Studio", ("langgraph_cli",)),
    Optional("postgres", "threads kept in Postgres", ("psycopg",)),
    Optional("bench", "imports of parquet, and `make bench` beside OpenCV", ("cv2", "pyarrow")),
)


def check_packages() -> list[Finding]:
    """Python, AURELIA, and every package that it can't do without, by its version."""
    python = Finding("Python", "ok", f"{platform.python_version()} on {platform.platform()}")
    try:
        needed = requires("aurelia") or []
        own = version("aurelia")
    except PackageNotFoundError:
        text = "it runs from a folder and is not installed, so its version is unknown"
        return [python, Finding("aurelia", "missing", text, "pip install -e .", blocks=True)]
    wrong = list(_wrong(needed))
    known = ", ".join(f"{name} {version(name)}" for name in NAMED if _version(name))
    return [python, Finding("aurelia", "ok", f"{own}; {known}"), *wrong]


def check_extras() -> list[Finding]:
    """Each extra: installed, or the command that installs it."""
    return [
        Finding(extra.name, "ok", extra.purpose)
        if extra.installed()
        else Finding(extra.name, "missing", f"not installed: {extra.purpose}", extra.install)
        for extra in EXTRAS
    ]


def _wrong(needed: list[str]) -> Iterator[Finding]:
    for text in needed:
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        wanted = f"{requirement.name}{requirement.specifier}"
        have = _version(requirement.name)
        if have is None:
            help_ = f"pip install '{wanted}'"
            yield Finding(requirement.name, "missing", "it is not installed", help_, blocks=True)
        elif not requirement.specifier.contains(have, prereleases=True):
            said = f"{have} is installed, and {wanted} is needed"
            yield Finding(requirement.name, "warning", said, f"pip install '{wanted}'")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
