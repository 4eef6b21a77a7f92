"""How many tokens a text has: as the model's server counts, by a tokenizer's file, or estimated.

The estimate errs on the side of too many. Of a word's letters it takes three to a token, each digit
and each mark as one, a line end as one, and of every other character its bytes in UTF-8, which is
what tokenizers that know no better fall back to. docs/targets.md says how it compares.
"""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from aurelia.configuration.text_rules import ESTIMATE, SERVER, TextRules
from aurelia.errors import ConfigurationError, MissingExtra
from aurelia.models.faults import provider_errors
from aurelia.models.registry import ResolvedModel

LETTERS_A_TOKEN = 3
TIMEOUT_S = 10.0
_BLANKS_A_TOKEN = 4
_PIECES = re.compile(r"(?P<word>[A-Za-z]+)|(?P<blanks>[ \t]+)|(?P<other>.)", re.S)


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts tokens.

    Attributes:
        count: tokens of a text; None where it can't be counted now.
        by: who counts, for the record: `server`, `estimate`, or a tokenizer's file by its name.
    """

    count: Callable[[str], Awaitable[int | None]]
    by: str


def estimate_tokens(text: str) -> int:
    """Tokens that `text` has at most, in all likelihood; by no tokenizer in particular."""
    total = 0
    for match in _PIECES.finditer(text):
        if match["word"]:
            total += -(-len(match["word"]) // LETTERS_A_TOKEN)
        elif match["blanks"]:  # one of them is part of the word behind it
            total += -(-(len(match["blanks"]) - 1) // _BLANKS_A_TOKEN)
        else:
            total += len(match["other"].encode("utf-8", "surrogatepass"))
    return total


def counters(model: ResolvedModel, rules: TextRules) -> list[Counter]:
    """Who counts for a model, as its rules say; the next where one can't. The last one always can.

    May read a tokenizer's file: in async code, call it in a thread.

    Raises:
        ConfigurationError: the tokenizer's file can't be read.
        MissingExtra: the package that reads it is not installed.
    """
    if rules.tokenizer not in (SERVER, ESTIMATE):
        return [_of_file(rules.tokenizer)]
    asked = rules.tokenizer == SERVER and model.family == "compatible"
    return [*([_of_server(model)] if asked else []), Counter(_estimated, ESTIMATE)]


async def _estimated(text: str) -> int:
    return estimate_tokens(text)


def _of_server(model: ResolvedModel) -> Counter:
    """Counts as the server's `/tokenize` does, which stands beside its `/v1`."""
    chat: Any = model.chat

    async def count(text: str) -> int | None:
        client = chat.root_async_client
        root = str(client.base_url).rstrip("/").removesuffix("/v1")
        client = client.with_options(base_url=root, timeout=TIMEOUT_S, max_retries=0)
        body = {"model": chat.model_name, "prompt": text}
        try:
            reply: Any = await client.post("/tokenize", body=body, cast_to=object)
        except provider_errors(ValueError):
            # Whatever is wrong with the server, the question itself will tell, and be tried again.
            return None
        found = reply.get("count") if isinstance(reply, dict) else None
        return found if type(found) is int and found >= 0 else None

    return Counter(count, SERVER)


def _of_file(path: str) -> Counter:
    tokenizer = _tokenizer(path)

    async def count(text: str) -> int:
        return len(tokenizer.encode(text).ids)

    return Counter(count, Path(path).name)


@lru_cache(maxsize=8)
def _tokenizer(path: str) -> Any:
    try:
        text = Path(path).read_text("utf-8")
        model = json.loads(text)["model"]["type"]
    except (OSError, ValueError, LookupError, TypeError):
        model = None
    if not isinstance(model, str):
        raise ConfigurationError(
            f"{path} can't be read as a tokenizer; give the tokenizer.json of the model."
        )
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise MissingExtra(
            "Counting by a tokenizer.json needs another package: pip install tokenizers."
        ) from None
    return Tokenizer.from_str(text)
