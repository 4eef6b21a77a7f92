"""How many tokens a text has: as the model's server counts, by a tokenizer's file, or estimated.

The estimate errs on the side of too many. Of a word's letters it takes three to a token, each digit
and each mark as one, a line end as one, and of every other character its bytes in UTF-8, which is
what tokenizers that know no better fall back to. A blank is part of the word behind it, but not of
a digit: before one it is a token, and one more where a text begins with a digit, as tokenizers that
put a blank before all text have it.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from aurelia.configuration.text_rules import ESTIMATE, SERVER, TextRules
from aurelia.errors import ConfigurationError, MissingExtra, ModelError
from aurelia.models.faults import client_errors, redact
from aurelia.models.ledger import Ledger, open_ledger
from aurelia.models.limits import gate_for
from aurelia.models.registry import ResolvedModel
from aurelia.models.retry import CallLimits, Effort, fault_of, persist
from aurelia.settings import load_settings
from aurelia.types.hashing import json_hash, text_hash

LETTERS_A_TOKEN = 3
COUNTS = "counts.jsonl"
"""In the cache directory: what servers counted. A question that was paid for has to be shortened as
it was then, so that its reply is found again, whether the server is there or not."""
_LIMITS = CallLimits()
_CAN_NOT = (404, 405, 501)
_BLANKS_A_TOKEN = 4
_PIECES = re.compile(
    r"(?P<word>[A-Za-z]+)|(?P<blanks>[ \t]+)(?P<number>(?=\d))?|(?P<other>.)", re.S
)


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts tokens.

    Attributes:
        count: tokens of a text; None where this counter can't count at all. Raises `ModelError`
            where it could, and fails.
        by: who counts, for the record: `server`, `estimate`, or a tokenizer's file by its name.
    """

    count: Callable[[str], Awaitable[int | None]]
    by: str


def estimate_tokens(text: str) -> int:
    """Tokens that `text` has at most, in all likelihood; by no tokenizer in particular."""
    total = int(text[:1].isdigit())
    for match in _PIECES.finditer(text):
        if match["word"]:
            total += -(-len(match["word"]) // LETTERS_A_TOKEN)
        elif match["blanks"]:  # one of them is part of a word behind it
            apart = len(match["blanks"]) - (match["number"] is None)
            total += -(-apart // _BLANKS_A_TOKEN)
        else:
            total += len(match["other"].encode("utf-8", "surrogatepass"))
    return total


def counters(
    model: ResolvedModel,
    rules: TextRules,
    limits: CallLimits = _LIMITS,
    *,
    use_cache: bool = True,
) -> list[Counter]:
    """Who counts for a model, as its rules say; the next where one can't. The last one always can.

    May read a tokenizer's file: in async code, call it in a thread.

    Args:
        model: whose tokens.
        rules: of its text.
        limits: what each request to a server may try.
        use_cache: whether what a server counted before stands.

    Raises:
        ConfigurationError: the tokenizer's file can't be read.
        MissingExtra: the package that reads it is not installed.
    """
    if rules.tokenizer not in (SERVER, ESTIMATE):
        return [_of_file(rules.tokenizer)]
    estimate = Counter(_estimated, ESTIMATE)
    if rules.tokenizer == SERVER and model.family == "compatible":
        return [_of_server(model, limits, use_cache=use_cache), estimate]
    return [estimate]


async def _estimated(text: str) -> int:
    return estimate_tokens(text)


def _of_server(model: ResolvedModel, limits: CallLimits, *, use_cache: bool) -> Counter:
    """Counts as the server's `/tokenize` does, which stands beside its `/v1`."""

    async def count(text: str) -> int | None:
        if not model.paid:  # a name that was registered may mean another server tomorrow
            return await _ask_server(model, text, limits)
        key = json_hash({"model": model.identity, "host": model.host, "tokens_of": text_hash(text)})
        ledger, kept = await asyncio.to_thread(_look_up, key)
        if kept is not None and use_cache:
            return kept["tokens"]  # type: ignore[no-any-return]
        tokens = await _ask_server(model, text, limits)
        await asyncio.to_thread(ledger.record_reply, key, {"tokens": tokens})
        return tokens

    return Counter(count, SERVER)


def _look_up(key: str) -> tuple[Ledger, dict[str, Any] | None]:
    settings = load_settings()
    ledger = open_ledger(settings.cache_dir / COUNTS, settings.cache_max_bytes)
    return ledger, ledger.reply(key)


async def _ask_server(model: ResolvedModel, text: str, limits: CallLimits) -> int | None:
    """Tokens of a text; None where the server says that it doesn't count."""
    chat: Any = model.chat
    client = chat.root_async_client
    root = str(client.base_url).rstrip("/").removesuffix("/v1")
    client = client.with_options(base_url=root, timeout=limits.timeout_s, max_retries=0)
    body = {"model": chat.model_name, "prompt": text}

    async def attempt() -> Any:
        try:
            reply = await client.post("/tokenize", body=body, cast_to=object)
        except faults as error:
            if fault_of(error, 0.0).status in _CAN_NOT:
                return None
            raise
        if not isinstance(reply, dict):
            raise ValueError("its reply to /tokenize is no JSON object")
        return reply.get("count")

    effort, faults = Effort(), client_errors()
    gate = gate_for(model.identity, load_settings())
    try:
        found = await persist(attempt, limits=limits, gate=gate, faults=faults, effort=effort)
    except faults as error:
        said = redact(" ".join(str(error).split()))[:300] or "no details given"
        tries = effort.retries + 1
        raise ModelError(
            f"The server of {redact(model.name)} did not count the tokens of what is to be sent "
            f"({type(error).__name__}: {said}; {tries} {'try' if tries == 1 else 'tries'}); wait "
            "until it does, or set text.tokenizer = 'estimate' in its profile."
        ) from None
    return found if type(found) is int and found >= 0 else None  # speaks another form of it


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
