"""What a model's text is held to: how much of it, where r* stands, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from aurelia.configuration.problem import kind_of, unknown, wrong
from aurelia.errors import ConfigurationError

Place = Literal["as_written", "system", "before_question", "after_question", "merged"]
"""Where r* stands: where the prompt set has it, at the end of the system message, before or after
the question; `merged`: where the set has it, in a single message without a system's."""

Style = Literal["set", "default", "paper_style", "brief"]
"""In which words a target is asked: those of the run's own prompt set, or of a shipped one."""

TooLong = Literal["shorten", "refuse"]
"""What becomes of r* that is too long: its last steps are left out, or nothing is asked."""

SERVER = "server"
ESTIMATE = "estimate"

_TYPES: Mapping[str, type] = {
    "budget": int,
    "tokenizer": str,
    "too_long": str,
    "r_star": str,
    "prompt": str,
}


@dataclass(frozen=True, slots=True)
class TextRules:
    """A `[models.NAME.text]` table.

    Attributes:
        budget: tokens that all text of a request may have: prompt, r*, labels of media; None: as
            many as the model takes.
        tokenizer: who counts them: `server` (its `/tokenize`, else the estimate), `estimate`, or
            the path of a `tokenizer.json`.
        too_long: what becomes of an r* that is too long.
        r_star: where r* stands.
        prompt: in which words it is asked.
    """

    budget: int | None = None
    tokenizer: str = SERVER
    too_long: TooLong = "shorten"
    r_star: Place = "as_written"
    prompt: Style = "set"

    def table(self) -> dict[str, Any]:
        """What differs from the defaults, as TOML has it."""
        values = {name: getattr(self, name) for name in _TYPES}
        return {name: value for name, value in values.items() if value != getattr(PLAIN, name)}


PLAIN = TextRules()
"""Of a model of which nothing is said."""


def read_text_rules(where: str, table: Mapping[str, Any]) -> TextRules:
    """The rules from their table.

    Args:
        where: file and table, for messages.
        table: what TOML gave.

    Raises:
        ConfigurationError: a key is unknown, or its value can't be.
    """
    for key, value in table.items():
        if key not in _TYPES:
            raise ConfigurationError(unknown(where, key, tuple(_TYPES), "key of text"))
        if type(value) is not _TYPES[key]:
            raise wrong(where, f"text.{key} is {kind_of(value)}; give {kind_of(_TYPES[key]())}")
    budget = table.get("budget")
    if budget is not None and budget < 1:
        raise wrong(where, f"text.budget is {budget}; give a number of tokens, such as 512")
    for key, allowed in (("too_long", TooLong), ("r_star", Place), ("prompt", Style)):
        if key in table and table[key] not in get_args(allowed):
            choices = ", ".join(get_args(allowed))
            raise wrong(where, f"text.{key} is {table[key]!r}; give one of {choices}")
    tokenizer = table.get("tokenizer", SERVER)
    if tokenizer not in (SERVER, ESTIMATE) and Path(tokenizer).suffix != ".json":
        raise wrong(
            where,
            f"text.tokenizer is {tokenizer!r}; give {SERVER}, {ESTIMATE}, or the path of a "
            "tokenizer.json",
        )
    return TextRules(
        budget=budget,
        tokenizer=tokenizer,
        too_long=cast(TooLong, table.get("too_long", PLAIN.too_long)),
        r_star=cast(Place, table.get("r_star", PLAIN.r_star)),
        prompt=cast(Style, table.get("prompt", PLAIN.prompt)),
    )
