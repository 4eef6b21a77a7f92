"""Reading replies: whatever models wrap around them, and nothing that isn't there."""

import json

import pytest

from aurelia.errors import ReplyError
from aurelia.models.structured import json_objects, read_reply, strip_thinking
from aurelia.types.replies import (
    CaptionReply,
    ReasoningReply,
    ScoreReply,
    VerdictReply,
)

VERDICT = {"score": 7, "claims": [{"text": 'A {bell} "rings"', "status": "supported"}]}
TEXT = json.dumps(VERDICT)


def _score(text: str) -> float:
    reply, _ = read_reply(text, "score")
    assert isinstance(reply, ScoreReply)
    return reply.score


def _problem(text: str, output: str) -> str:
    with pytest.raises(ReplyError) as caught:
        read_reply(text, output)
    assert caught.value.raw == text
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"Here is my verdict:\n{TEXT}\nI hope it helps.",
        f"```json\n{json.dumps(VERDICT, indent=2)}\n```",
        f'<think>score 3? {{"score": 3}}</think>\n{TEXT}',
        f"<thinking>{{</thinking>{TEXT}",
        f"The clip is short, so 3? No.</think>{TEXT}",
        f'First try: {{"score": 2, "claims": []}}. On reflection: {TEXT}',
        f"Following the form {{perceived, claims, score}}: {TEXT}",
        f'{TEXT}\nThe time was {{"start_s": 2}} and {{}} is empty.',
        f'[{{"score": 1}}, {TEXT}]',
    ],
    ids=lambda text: text[:28],
)
def test_the_last_object_that_fits_is_found_in_what_surrounds_it(text: str) -> None:
    reply, how = read_reply(text, "verdict")
    assert reply == VerdictReply.model_validate(VERDICT)
    assert how == "json"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the reply is empty"),
        (" \n", "the reply is empty"),
        (f"<think>{TEXT}", "the reply is empty"),
        ("A fine caption.", "it holds no JSON object"),
        ('{"claims": []}', "score: field required"),
        ('{"score": "high"}', "score: input should be a valid number"),
        ('{"score": "7/100"}', "score: input should be a valid number"),
        ('{"score": "7-8"}', "score: input should be a valid number"),
        ('{"score": true}', "score: true and false are no numbers"),
        ('{"score": 7, "claims": [], "score": 9}', "`score` stands twice with different values"),
        ("{'score': 7, 'score': 9}", "`score` stands twice with different values"),
        (f'{TEXT} No: {{"score": 2, "claims": [{{"te', "its JSON object has no"),
        ("I'm sorry, but I can't help with rating videos.", "the model refused"),
        ('{"score": 7, "claims": [{"text": "A."}]}', "claims.0.status: field required"),
        ('{"score": null, "claims": [{}]}', "claims.0.text: field required"),
        (TEXT[:-3], "its JSON is broken or cut off"),
        ('{"rating": 7}', "its JSON object has no `claims` or `score`"),
        ('{"score": NaN}', "holds a number that is none"),
        ('{"score": 1e999}', "holds a number that is none"),
        ('{"score": ' + "9" * 400 + "}", "score: input should be a valid number"),
        ('{"a":' * 3000, "nested too deeply"),
    ],
    ids=lambda text: text[:28],
)
def test_what_can_not_be_read_says_why(text: str, problem: str) -> None:
    assert problem in _problem(text, "verdict")


def test_half_a_surrogate_pair_does_not_keep_a_reply_from_being_saved() -> None:
    reply, _ = read_reply('{"score": 5, "rationale": "\\ud83d\\ude00 \\ud83d"}', "score")
    assert reply == ScoreReply(score=5, rationale="😀 ?")
    assert reply.model_dump_json()


def test_a_cut_off_reply_is_not_taken_for_one_of_its_inner_objects() -> None:
    whole = {"steps": [{"text": "Listen.", "evidence": []}, {"text": "Look.", "evidence": []}]}
    cut = json.dumps(whole)[:-2]
    assert json_objects(cut) == whole["steps"]
    assert "cut off" in _problem(cut, "reasoning")
    assert "no `cannot_answer` or `steps`" in _problem("{}", "reasoning")


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Score: 7/10", 7),
        ("score is 8", 8),
        ("**Score:** **6.5**", 6.5),
        ("I first thought 3, final score: 7", 7),
        ("At first a score of 3. Score: 7 out of 10.", 7),
        ("Score (1-10): 8", 8),
        ("On a score 1-10 scale, the score is 4.", 4),
        ("SCORE\n\n9", 9),
        ("Score: -3", -3),
        ("Score: 4. I would not go as far as a score of 9", 4),
        ('Score: 4. The caption says "score: 9".', 4),
        ("> Score: 9\n\nScore: 4", 4),
    ],
)
def test_a_score_in_prose_is_read_and_the_last_one_counts(text: str, score: float) -> None:
    assert _score(text) == score
    assert read_reply(text, "score")[1] == "score pattern"


@pytest.mark.parametrize(
    "text",
    [
        "I used the score 1-10.",
        "A score 10-12 is not possible.",
        "A score 1 to 10 is asked for.",
        "score: 1–10",
        "The score is 70/100.",
        "Score: 3 out of 5.",
        "Score: 3. On another scale: score 70/100.",
        "I can't give this clip a score of 9",
        "The caption asks for a score of 9",
        "Score: 1e999",
        "The underscore 5 and the scores 7.",
        "The score is high.",
    ],
)
def test_a_range_or_another_scale_is_no_score(text: str) -> None:
    _problem(text, "score")


def test_a_caption_in_plain_sentences_is_a_caption() -> None:
    reply, how = read_reply('A bell rings at 1.5 s. Then "stop" is heard!', "caption")
    assert isinstance(reply, CaptionReply)
    assert [s.text for s in reply.sentences] == ["A bell rings at 1.5 s.", 'Then "stop" is heard!']
    assert how == "plain sentences"
    assert "cut off" in _problem('{"sentences": [{"text": "A bell', "caption")


def test_thinking_is_stripped_whatever_became_of_its_tags() -> None:
    assert strip_thinking("<think>a</think> b <Thought>c</Thought> d") == "b  d"
    assert strip_thinking("a</think> b") == "b"
    assert strip_thinking("<think>a<think>b</think>c</think> d") == "d"
    assert strip_thinking("a <think> b") == "a"


@pytest.mark.parametrize(
    "text",
    [
        "{'score': 7, 'claims': [{'text': 'A {bell} \"rings\"', 'status': 'supported'}]}",
        TEXT.replace("]}", "],}"),
        TEXT.replace('"score"', "score"),
        TEXT.replace("7", '"7/10"'),
        TEXT.replace("7", '"**7** out of 10"'),
        TEXT.replace("7", '"7"'),
        TEXT.replace(
            '"score": 7,', '// in the end\n"score": 7, "perceived": None, "omissions": null,'
        ),
        TEXT.replace(': "supported"', ': "supported", "modality": null'),
    ],
)
def test_json_as_python_or_a_hasty_writer_has_it_is_read(text: str) -> None:
    assert read_reply(text, "verdict")[0] == VerdictReply.model_validate(VERDICT)


def test_quotation_marks_inside_a_text_do_not_end_it() -> None:
    reply, how = read_reply("{'score': 3, 'rationale': 'it's a \\'bell\\', isn't it'}", "score")
    assert reply == ScoreReply(score=3, rationale="it's a 'bell', isn't it")
    assert how == "lenient json"


def test_words_for_a_sense_and_bare_steps_are_understood() -> None:
    verdict, _ = read_reply(
        '{"score": 5, "claims": [{"text": "A.", "status": "supported", "modality": "Sound"}]}',
        "verdict",
    )
    assert isinstance(verdict, VerdictReply)
    assert verdict.claims[0].modality == "audio"
    reasoning, _ = read_reply('{"steps": ["Listen.", "Look."]}', "reasoning")
    assert isinstance(reasoning, ReasoningReply)
    assert [step.text for step in reasoning.steps] == ["Listen.", "Look."]


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ('{"score": 7, "rationale": "the caption is', 7),
        ('{"perceived": {"visual": "a"}, "score": "7/10", "claims": [{"te', 7),
        ('{"score": 3} or rather {"score": 7, "rationale": "', 7),
    ],
)
def test_a_score_that_is_whole_survives_a_reply_that_breaks_off(text: str, score: float) -> None:
    reply, how = read_reply(text, "score")
    assert isinstance(reply, ScoreReply)
    assert (reply.score, how) == (score, "cut-off json")


def test_the_first_digit_of_a_score_that_breaks_off_is_no_score() -> None:
    assert "cut off" in _problem('{"rationale": "fine", "score": 1', "score")


def test_a_refusal_is_no_caption() -> None:
    assert "the model refused" in _problem("I'm sorry, but I can't describe this video.", "caption")
    reply, _ = read_reply("I am told a bell rings. It is dark.", "caption")
    assert isinstance(reply, CaptionReply)
    assert len(reply.sentences) == 2


@pytest.mark.parametrize(
    "text",
    [
        "{" * 10_000,
        '{"a": ' * 10_000,
        "{'a': '" * 10_000,
        "{'a': 'b', " * 10_000,
        "{'a': " + "[" * 10_000,
        "<a-000000>" * 10_000,
        'score: 9 " ' * 10_001,
        "<think>" * 10_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_model_caught_in_a_loop_gives_no_reply(text: str) -> None:
    _problem(text, "verdict")
