"""How one call to a model is shown: the messages as sent, the raw reply, how it was read."""

from rich.text import Text

from aurelia.cli.ending import LOCAL_MODELS, all_calls
from aurelia.cli.plain import clean, clean_lines
from aurelia.cli.rows import Row, blank, field_row, heading, row
from aurelia.errors import InputError
from aurelia.types.trajectory import Call, Part, Trajectory


def call_of(trajectory: Trajectory, call_id: str) -> Call:
    """The call with this id.

    Raises:
        InputError: the run has no such call; the message says where ids are listed.
    """
    calls = list(all_calls(trajectory))
    found = next((call for call in calls if call.id == call_id), None)
    if found is None:
        first = f", such as {clean(calls[0].id)}" if calls else ""
        raise InputError(
            f"Run {clean(trajectory.id)} has no call {clean(call_id)!r}; "
            f"`aurelia show RUN --iteration K` and `aurelia show RUN` list the ids{first}."
        )
    return found


def text_rows(text: str, gutter: str = "  ") -> list[Row]:
    """A text as it is, line by line, without what a terminal would obey."""
    return [row(line, gutter) for line in clean_lines(text).split("\n")]


def call_rows(trajectory: Trajectory, call_id: str) -> list[Row]:
    """Everything recorded about one call."""
    call = call_of(trajectory, call_id)
    texts = trajectory.texts
    iteration = f", iteration {call.iteration}" if call.iteration is not None else ""
    model = clean(call.requested_model)
    if call.reported_model and call.reported_model != call.requested_model:
        model += f" (replied as {clean(call.reported_model)})"
    member = f", member {call.repeat}" if call.role == "critic" and call.repeat else ""
    purpose = f"{call.role}, {call.purpose}{member}"
    rows = [
        field_row("Call", f"{clean(call.id)}, {purpose}{iteration}"),
        field_row("Model", model),
        field_row("Prompt", clean(call.prompt)),
    ]
    if call.parameters:
        given = ", ".join(f"{clean(k)} = {clean(str(v))}" for k, v in call.parameters.items())
        rows.append(field_row("Parameters", given))
    rows += [field_row("Tokens", _token_words(call)), field_row("Time", _time_words(call))]
    rows += [field_row("Error", clean(call.error), "bold red")] if call.error else []
    rows.append(blank())
    for message in call.messages:
        rows.append(heading(f"Sent as {message.role}"))
        for part in message.parts:
            rows += _part_rows(part, texts)
        rows.append(blank())
    rows.append(heading("Raw reply"))
    rows += text_rows(texts.get(call.raw, "(not recorded)") if call.raw else "(none)")
    finish = f", finish reason {clean(call.finish_reason)}" if call.finish_reason else ""
    parsed = clean(call.parsed_as) or "not parsed"
    return [*rows, blank(), field_row("Read as", parsed + finish), blank()]


def _part_rows(part: Part, texts: dict[str, str]) -> list[Row]:
    if part.media is not None:
        return [row(Text(f"[{clean(part.media)}]", style="cyan"), "  ")]
    return text_rows(texts.get(part.text or "", "(not recorded)"))


def _token_words(call: Call) -> str:
    usage = call.usage
    if usage.input_tokens is None and usage.output_tokens is None:
        counted = "not counted"
    else:
        counted = f"{usage.input_tokens or 0:,} in, {usage.output_tokens or 0:,} out"
    if call.requested_model.startswith(LOCAL_MODELS):
        return f"{counted}; cost none: offline"
    price = "unknown price" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
    return f"{counted}; {price}"


def _time_words(call: Call) -> str:
    retries = f", {call.retries} retries" if call.retries else ""
    cached = ", from cache" if call.cached else ""
    return f"{call.total_s:.2f} s, of which {call.queue_s:.2f} s in the queue{retries}{cached}"
