"""Properties of reading: any reply in any prose is read back, any text is read or refused."""

import contextlib
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from aurelia.errors import ReplyError
from aurelia.models.lenient import decode_leniently
from aurelia.models.structured import read_reply
from aurelia.types.replies import (
    SCHEMAS,
    CaptionReply,
    ClaimReply,
    ReasoningReply,
    Reply,
    ScoreReply,
    SentenceReply,
    StepReply,
    VerdictReply,
)

HOW = ("json", "lenient json", "cut-off json", "score pattern", "plain sentences")

# Any text without braces, marks of quotations, and the tags of thinking blocks.
prose = st.text().filter(lambda text: not re.search(r"[{}\"'“«>]|</?th", text, re.I))
words = st.text(st.characters(exclude_categories=["Cs"])).filter(
    lambda text: not re.search(r"</?th", text, re.I)
)
times = st.none() | st.floats(0, 1e6)
modalities = st.none() | st.sampled_from(["visual", "audio", "both"])
replies: dict[str, st.SearchStrategy[Reply]] = {
    "score": st.builds(ScoreReply, score=st.floats(1, 10), rationale=words),
    "caption": st.builds(
        CaptionReply,
        sentences=st.lists(
            st.builds(SentenceReply, text=words, steps=st.lists(st.integers(1, 9))), min_size=1
        ),
    ),
    "reasoning": st.builds(
        ReasoningReply,
        steps=st.lists(
            st.builds(StepReply, text=words, modality=modalities, start_s=times, end_s=times)
        ),
        findings=words,
        answer=words,
        evidence=st.just([]),
        cannot_answer=st.none(),
    ),
    "verdict": st.builds(
        VerdictReply,
        perceived=st.dictionaries(words, words),
        claims=st.lists(
            st.builds(ClaimReply, text=words, modality=modalities, status=words, observed=words)
        ),
        omissions=st.lists(words),
        complaints=st.just([]),
        caps=st.just([]),
        score=st.floats(1, 10),
        rationale=words,
    ),
}


@given(
    data=st.data(),
    output=st.sampled_from(sorted(replies)),
    before=prose,
    after=prose,
    plain=st.booleans(),
    indent=st.sampled_from([None, 2]),
)
def test_any_reply_in_any_prose_is_read_back_equal(
    data: st.DataObject, output: str, before: str, after: str, plain: bool, indent: int | None
) -> None:
    reply = data.draw(replies[output])
    text = json.dumps(reply.model_dump(), ensure_ascii=plain, indent=indent)
    assert read_reply(f"{before}{text}{after}", output) == (reply, "json")


printable = st.text(st.characters(min_codepoint=32, max_codepoint=126)).filter(
    lambda text: "\\" not in text
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | printable,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(printable, inner, max_size=3),
    max_leaves=12,
)


@given(values, printable)
def test_what_python_prints_is_read_as_it_was(value: object, other: str) -> None:
    whole = {"perceived": value, other: [value], "score": 3}
    assert decode_leniently(repr(whole), 0) == (whole, len(repr(whole)))


@given(
    text=st.text() | st.text("{}[]\":,0123456789 score<think/>\\-.eE'"),
    output=st.sampled_from(sorted(SCHEMAS)),
)
def test_any_text_is_read_or_refused_and_nothing_else_happens(text: str, output: str) -> None:
    with contextlib.suppress(ReplyError):
        reply, how = read_reply(text, output)
        assert isinstance(reply, SCHEMAS[output])
        assert how in HOW
        assert reply.model_dump_json()
