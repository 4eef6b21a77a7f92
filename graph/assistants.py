"""Prompt sets as assistants of a LangGraph server: what Studio shows, and what was edited there.

An assistant of a set holds every text with its partials put in, so that what will run can be read.
Its metadata remembers what was put there, so that an edit made in Studio is told from an old file.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol
from uuid import NAMESPACE_URL, uuid5

from pydantic import ValidationError

from aurelia.errors import ConfigurationError, InputError
from aurelia.graph.context import Context
from aurelia.graph.forms import PROMPT_NODES, SUFFIX
from aurelia.graph.state import Json
from aurelia.prompts.inventory import base_name
from aurelia.prompts.loader import SETS, PromptSet, load_prompts, set_name

GRAPH = "aurelia"
MARK = "aurelia_prompts"
"""Key of an assistant's metadata: `{"set": name, "texts": {prompt: digest}}`."""

_ELSEWHERE = ("answer_judge",)
"""Prompts that no node of the graph reads."""

Action = Literal["created", "updated", "unchanged", "edited there"]


class Assistants(Protocol):
    """The part of the SDK's synchronous client that is used here."""

    def create(self, graph_id: str | None, **values: Any) -> Any:
        """Make an assistant."""

    def update(self, assistant_id: str, **values: Any) -> Any:
        """Make a new version of one."""

    def search(self, **values: Any) -> Any:
        """List them."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of one prompt set.

    Attributes:
        name: of the assistant.
        action: `edited there`: its texts were edited in Studio since, and nothing was changed.
        version: of the assistant, as the server counts.
        prompts: whose texts were changed, or had been edited.
    """

    name: str
    action: Action
    version: int
    prompts: tuple[str, ...] = ()


def assistant_name(label: str) -> str:
    """How the assistant of a set is called: `default prompts`."""
    return f"{label} prompts"


def push_set(client: Assistants, source: str | Path, *, force: bool = False) -> Pushed:
    """Make or renew the assistant of a prompt set. Other settings of it stay as they are.

    Args:
        client: `assistants` of the SDK's synchronous client.
        source: `default`, `published`, or a directory on this machine; its texts are sent.
        force: renew it even where its texts were edited on the server, which keeps the edit as an
            earlier version.

    Raises:
        PromptError: the set is wrong.
    """
    prompts, label = load_prompts(source), _label(source)
    wanted, digests = settings_of(prompts, label), digests_of(prompts)
    mark = {MARK: {"set": label, "texts": digests}}
    ours = str(uuid5(NAMESPACE_URL, f"aurelia:prompts:{label}"))
    held = next((a for a in _all(client) if a["assistant_id"] == ours), None)
    name = assistant_name(label)
    if held is None:
        made = client.create(
            GRAPH,
            assistant_id=ours,
            name=name,
            description=f"As the assistant `{GRAPH}`, with the prompts of the set `{label}`, each "
            "to be read and edited.",
            context=wanted,
            metadata=mark,
            if_exists="do_nothing",  # another process was quicker
        )
        return Pushed(name, "created", made["version"])
    before = _digests_held(held)
    changed = _differing(before, digests)
    remembered = pushed_digests(held)
    if not changed:
        if remembered != digests:  # what was edited in Studio has been brought to the files
            held = client.update(ours, metadata=mark)
        return Pushed(held["name"], "unchanged", held["version"])
    if not force and (edited := _differing(before, remembered)):
        return Pushed(held["name"], "edited there", held["version"], edited)
    kept = {k: v for k, v in (held.get("context") or {}).items() if not _is_text(k)}
    made = client.update(ours, context={**kept, **wanted}, metadata=mark)
    return Pushed(held["name"], "updated", made["version"], changed)


def settings_of(prompts: PromptSet, label: str) -> Json:
    """Settings in which every text of a set stands, on its own node where it has one.

    A server knows the shipped sets by name; another one it is given in texts alone.
    """
    used = {n: t.text for n, t in prompts.templates.items() if base_name(n) not in _ELSEWHERE}
    fields = {f"{name}{SUFFIX}": used.pop(name) for name in PROMPT_NODES if name in used}
    return {"prompts": label if label in SETS else SETS[0], "prompt_overrides": used, **fields}


def find_assistant(client: Assistants, wanted: str) -> Json:
    """The assistant with this name or id, or the one of this prompt set.

    Raises:
        ConfigurationError: there is none, or more than one of that name.
    """
    found = _all(client)
    for matches in (
        [a for a in found if a["assistant_id"] == wanted],
        [a for a in found if a["name"] == wanted],
        [a for a in found if _mark(a).get("set") == wanted and a["name"] == assistant_name(wanted)],
    ):
        if len(matches) > 1:
            ids = ", ".join(a["assistant_id"] for a in matches)
            raise ConfigurationError(f"{len(matches)} assistants are called {wanted!r}: {ids}.")
        if matches:
            return matches[0]
    names = ", ".join(sorted({repr(a["name"]) for a in found})) or "none"
    raise ConfigurationError(f"The server has no assistant {wanted!r}; there are: {names}.")


def context_of(assistant: Mapping[str, Any]) -> Context:
    """The settings of an assistant that say which prompts it runs with.

    Raises:
        InputError: a client that is not ours wrote something else there.
    """
    held = assistant.get("context") or {}
    try:
        return Context(**{key: value for key, value in held.items() if _is_text(key)})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"The assistant {assistant['name']!r} has a wrong {place}: {first['msg']}."
        ) from None


def digests_of(prompts: PromptSet) -> dict[str, str]:
    """A short hash of each text that the graph reads; blank lines at its ends don't count."""
    return {
        name: digest(template.text)
        for name, template in prompts.templates.items()
        if base_name(name) not in _ELSEWHERE
    }


def digest(text: str) -> str:
    """A short hash of a text; blank lines at its ends don't count."""
    return hashlib.sha256(text.strip().encode("utf-8", "surrogatepass")).hexdigest()[:12]


def pushed_digests(assistant: Mapping[str, Any]) -> dict[str, str]:
    """What its texts were when they were put there from files; of a shipped set where it was made
    by hand."""
    texts = _mark(assistant).get("texts")
    if isinstance(texts, dict):
        return {str(name): str(value) for name, value in texts.items()}
    base = (assistant.get("context") or {}).get("prompts") or SETS[0]
    return digests_of(load_prompts(base)) if base in SETS else {}


def _digests_held(assistant: Mapping[str, Any]) -> dict[str, str]:
    try:
        return digests_of(context_of(assistant).load_prompts())
    except InputError:  # edited there, and wrong: nothing that came from files
        return {}


def _label(source: str | Path) -> str:
    name = set_name(source)
    own = name in SETS and source not in SETS
    return f"{name} (folder)" if own else name


def _differing(a: Mapping[str, str], b: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name in {**a, **b} if a.get(name) != b.get(name))


def _is_text(name: str) -> bool:
    return name in ("prompts", "prompt_overrides") or name.removesuffix(SUFFIX) in PROMPT_NODES


def _mark(assistant: Mapping[str, Any]) -> Json:
    mark = (assistant.get("metadata") or {}).get(MARK)
    return mark if isinstance(mark, dict) else {}


def _all(client: Assistants) -> list[Json]:
    found: list[Json] = []
    while page := client.search(graph_id=GRAPH, limit=100, offset=len(found)):
        if not isinstance(page, list):
            raise InputError("The server lists no assistants; is it a LangGraph server?")
        found += page
    return found
