"""Annotation files in the shapes that their authors publish, quirks included."""

import json
from pathlib import Path
from typing import Any

MUSIC_AVQA: list[dict[str, Any]] = [
    {
        "video_id": "00000093",
        "question_id": 12,
        "type": '["Audio", "Comparative"]',
        "question_content": "Is the <Object> on the <LR> louder than the <Object>？ ",
        "templ_values": '["cello", "left", "violin"]',
        "question_deleted": 0,
        "anser": "yes",
    },
    {
        "video_id": "00000094",
        "question_id": 13,
        "type": '["Visual", "Counting"]',
        "question_content": "How many types of instruments are there ?",
        "templ_values": "[]",
        "question_deleted": 0,
        "anser": "two",
        "a field of later releases": None,
    },
    {  # an id that was given twice, to another question
        "video_id": "00000094",
        "question_id": 13,
        "type": '["Audio-Visual", "Existential"]',
        "question_content": "Is there a <Object> sound?",
        "templ_values": '["piano"]',
        "question_deleted": 0,
        "anser": "no",
    },
    {
        "video_id": "00000093",
        "question_id": 14,
        "type": '["Audio", "Counting"]',
        "question_content": "Which one was taken back?",
        "templ_values": "[]",
        "question_deleted": 1,
        "anser": "one",
    },
]

AVSD: dict[str, Any] = {
    "dialogs": [
        {
            "image_id": "ABCDE",
            "caption": "a man walks in",
            "summary": "the summary gives it away",
            "dialog": [
                {"question": "is he alone ?", "answer": "yes he is"},
                {"question": "does he speak ?", "answer": "__UNDISCLOSED__"},
            ],
        },
        {
            "image_id": "FGHIJ",
            "caption": "a woman sits",
            "summary": "",
            "dialog": [{"question": "is there music ?", "answer": "__UNDISCLOSED__"}],
        },
    ]
}
AVSD_REFERENCES: dict[str, Any] = {
    "dialogs": [
        {"image_id": "ABCDE", "dialog": [{"question": "does he speak ?", "answer": "no"}]},
        {"image_id": "ABCDE", "dialog": [{"question": "does he speak ?", "answer": "he does not"}]},
    ]
}

VALOR: list[dict[str, Any]] = [
    {"video_id": "x-2Abohj8VY_30.000_40.000", "desc": "A man sings while a dog barks."},
    {"video_id": "_a_b_c_d_e__0.000_10.000", "desc": "Rain falls."},
    {"video_id": "x-2Abohj8VY_30.000_40.000", "desc": "Someone sings beside a dog."},
]

DAILY_OMNI: list[dict[str, Any]] = [
    {
        "video_id": "G_VTkkb34gw",
        "Type": "AV Event Alignment",
        "Question": "What is seen when the bell rings?",
        "Choice": ["A. A door", "B. A cat", "C. A boat", "D. A lamp"],
        "Answer": "C",
        "video_category": "Howto",
        "video_duration": "30s",
    }
]

WORLDSENSE: dict[str, Any] = {
    "abCDefGH": {
        "duration": "60s",
        "domain": "Music",
        "sub_category": "Band",
        "audio_class": ["music"],
        "video_caption": "a caption that tells what is in it",
        "task1": {
            "task_domain": "Recognition",
            "task_type": "Audio Counting",
            "question": "How many voices are heard?",
            "candidates": ["A. One", "B. Two", "C. Three", "D. Four"],
            "answer": "B",
        },
        "task2": {
            "task_domain": "Reasoning",
            "task_type": "Emotion",
            "question": "How does it feel?",
            "candidates": ["A. Sad", "B. Gay", "C. Grave", "D. Tense"],
            "answer": "D",
        },
    }
}

OMNIVIDEOBENCH: list[dict[str, Any]] = [
    {
        "video": "video_1",
        "video_type": "Vlog",
        "duration": "03:28",
        "questions": [
            {
                "question": "How many bicycles stand there when the horn sounds?",
                "question_type": "counting",
                "audio_type": "Sound",
                "reasoning_steps": [
                    {
                        "modality": "audio",
                        "evidence": "A horn at 0:10.",
                        "inference": "Look at 0:10.",
                    },
                    {"modality": "vision", "evidence": "Two bicycles.", "inference": "2."},
                ],
                "answer": "2",
                "options": ["A.0", "B.1", "C.2", "D.3"],
                "correct_option": "C",
            }
        ],
    }
]

AVHBENCH: list[dict[str, Any]] = [
    {
        "video_id": "00191",
        "task": "Video-driven Audio Hallucination",
        "text": "Is the couch making sound in the audio?",
        "label": "No",
    },
    {
        "video_id": "00191",
        "task": "AV Captioning",
        "text": "Describe what you see and hear in a single sentence.",
        "label": "A man lies in bed and snores.",
    },
]

AV_ODYSSEY: list[dict[str, Any]] = [
    {
        "question_id": "16_3",
        "question_type_id": 16,
        "data_type": "video_audio",
        "subfield": "Melody",
        "question": "Which music fits the dance in [video1]?",
        "options": ["A. [audio1]", "B. [audio2]", "C. [audio3]", "D. [audio4]"],
        "answer": "C",
        **{f"image_{n}": None for n in range(1, 5)},
        **{f"audio_{n}": f"audio/16_3_{n}.wav" for n in range(1, 5)},
        "video_1": "video/16_3.mp4",
    },
    {
        "question_id": "17_1",
        "question_type_id": 17,
        "data_type": "video_audio",
        "subfield": "Melody",
        "question": "Which music fits the film in [video1]?",
        "options": ["A. [audio1]", "B. [audio2]", "C. [audio3]", "D. [audio4]"],
        "answer": "A",
        **{f"image_{n}": None for n in range(1, 5)},
        **{f"audio_{n}": f"audio/17_1_{n}.wav" for n in range(1, 5)},
        "video_1": "video/17_1.mp4",
    },
]

CSV_TEXT = (
    "id,clip,question,A,B,answer,candidate_A,candidate_B,an unknown column\n"
    'one,a.mp4,"Which, of these?",Left,Right,B,,,x\n'
    "two,a.mp4,Say what is heard.,,,a bell|bells,,,\n"
    "three,a.mp4,Which fits?,track A,track B,A,t1.wav,t2.wav,\n"
)


def put(path: Path, data: Any) -> Path:
    """Write data as the JSON or JSONL file that the name asks for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(data, str):
        path.write_text(data, "utf-8")
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in data), "utf-8")
    else:
        path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return path


def media(folder: Path, *names: str) -> Path:
    """A folder with files of these names; importing only looks whether they are there."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content of " + name.encode())
    return folder
