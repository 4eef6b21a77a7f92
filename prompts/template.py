"""A loaded prompt and how it becomes messages."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Literal

from aurelia.errors import PromptError
from aurelia.prompts.fence import fence
from aurelia.prompts.parse import Section
from aurelia.prompts.placeholders import PLACEHOLDER
from aurelia.prompts.variables import BUILT_IN, MEDIA, SCHEMA, VARIABLES
from aurelia.types.replies import json_schema


@dataclass(frozen=True, slots=True)
class TextPart:
    """Text of a message."""

    text: str


@dataclass(frozen=True, slots=True)
class MediaPart:
    """The place in a message where all media of the clip go."""


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One rendered message; the call layer fills in the media."""

    role: Literal["system", "user"]
    parts: tuple[TextPart | MediaPart, ...]

    @property
    def text(self) -> str:
        """The text parts, a blank line between them."""
        return "\n\n".join(part.text for part in self.parts if isinstance(part, TextPart))


@dataclass(frozen=True)
class Template:
    """One prompt.

    Attributes:
        name: as in the inventory, with its task variant, e.g. `generator.av_meme`.
        text: the whole file with its partials put in; as an override it gives the same template.
        source: the file it comes from, e.g. `default/generator.md`; never an absolute path.
        role: who reads it.
        version: the author's label.
        required: variables without which it can't be rendered.
        output: `reasoning`, `caption`, `verdict`, `score` or `text`.
        sections: its messages, before variables are put in.
        raw: the file as written, partials not put in.
        bare: whether values stand in it as they are, and not between tags.
    """

    name: str
    text: str
    source: str
    role: str
    version: str
    required: frozenset[str]
    output: str
    sections: tuple[Section, ...]
    raw: str
    bare: bool = False

    @cached_property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 over text and output schema."""
        digest = hashlib.sha256()
        digest.update(self.text.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
        digest.update(schema_text(self.output).encode())
        return digest.hexdigest()[:12]

    @property
    def identity(self) -> str:
        """`name@hash`, as calls record it."""
        return f"{self.name}@{self.hash}"

    @cached_property
    def variables(self) -> frozenset[str]:
        """Every variable that the template places, `media` and `schema` included."""
        return frozenset(
            match["name"]
            for section in self.sections
            for match in PLACEHOLDER.finditer(section.body)
        )

    def render(self, variables: Mapping[str, str]) -> list[PromptMessage]:
        """Put `variables` in. Names that the template does not place are ignored.

        A value is inserted once and never expanded again. Values that we do not write ourselves
        stand between tags. A line that holds nothing but an optional placeholder without a value
        disappears, with one blank line beside it.

        Raises:
            PromptError: a required variable is missing; the message names all that are.
        """
        schema = schema_text(self.output)
        values = {**variables, SCHEMA: schema} if schema else variables
        missing = sorted(self.required - values.keys())
        if missing:
            names = ", ".join(f"`{name}`" for name in missing)
            raise PromptError(f"Prompt `{self.name}` ({self.source}) was not given {names}.")
        messages = (self._render_section(section, values) for section in self.sections)
        return [message for message in messages if message.parts]

    def render_text(self, variables: Mapping[str, str]) -> str:
        """`render`, as one text without the media: what a `feedback` prompt says to the actor."""
        return "\n\n".join(message.text for message in self.render(variables))

    def _render_section(self, section: Section, values: Mapping[str, str]) -> PromptMessage:
        vanishing = (n for n in _alone(section.body) if _vanishes(n, self.required, values))
        parts: list[TextPart | MediaPart] = []
        held: list[str] = []
        for before, name in _pieces(section.body, frozenset(vanishing)):
            held.append(before)
            if name == MEDIA:
                parts += [*_text_part(held), MediaPart()]
                held = []
            elif name:
                needed = name in self.required
                held.append(_inserted(name, values.get(name, ""), needed, bare=self.bare))
        parts += _text_part(held)
        role: Literal["system", "user"] = "system" if section.role == "system" else "user"
        return PromptMessage(role, tuple(parts))


@cache
def schema_text(output: str) -> str:
    """The JSON schema of an output, compact with sorted keys; empty for `text`."""
    schema = json_schema(output)
    if schema is None:
        return ""
    return json.dumps(schema, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _inserted(name: str, value: str, required: bool, *, bare: bool) -> str:
    """A value as it stands in the message; an optional one without content leaves nothing."""
    if bare or VARIABLES[name].trusted:
        return value
    return fence(name, value) if value.strip() or required else ""


@lru_cache(maxsize=256)
def _alone(body: str) -> frozenset[str]:
    """Names that have a line to themselves."""
    lines = (PLACEHOLDER.fullmatch(line.strip()) for line in body.split("\n"))
    return frozenset(match["name"] for match in lines if match)


@lru_cache(maxsize=1024)
def _pieces(body: str, vanishing: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Text, and the name that stands behind it; the last has none. Every call asks, of few texts.

    Args:
        body: of a section.
        vanishing: names whose lines disappear.
    """
    body = _drop_empty_lines(body, vanishing)
    found: list[tuple[str, str]] = []
    end = 0
    for match in PLACEHOLDER.finditer(body):
        found.append((body[end : match.start()], match["name"]))
        end = match.end()
    return (*found, (body[end:], ""))


def _drop_empty_lines(body: str, vanishing: frozenset[str]) -> str:
    kept: list[str] = []
    skip_blank = False
    for line in body.split("\n"):
        match = PLACEHOLDER.fullmatch(line.strip())
        if match and match["name"] in vanishing:
            # Without this, each vanished line would leave two blank lines in a row.
            skip_blank = not kept or not kept[-1].strip()
            continue
        if skip_blank and not line.strip():
            skip_blank = False
            continue
        skip_blank = False
        kept.append(line)
    return "\n".join(kept)


def _vanishes(name: str, required: frozenset[str], values: Mapping[str, str]) -> bool:
    optional = name not in required and name not in BUILT_IN
    return optional and not values.get(name, "").strip()


def _text_part(pieces: list[str]) -> list[TextPart]:
    text = "".join(pieces).strip()
    return [TextPart(text)] if text else []
