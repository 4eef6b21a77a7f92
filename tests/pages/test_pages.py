"""What the pages show of a thread, what they refuse, and that nothing in them runs."""

import copy
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("starlette", reason="needs the extra `studio`")
pytest.importorskip("jinja2", reason="needs the extra `studio`")

from tests.clips import ordinary
from tests.pages.serving import THREAD, Seen, Server, state_of
from tests.scripts import actor, caption, everyone, script, target, verdict

QUESTION = "What comes first?"
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{ 7 * 7 }}\u202egnp.\x00"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where clips lie."""
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(autouse=True)
def _roots(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_MEDIA_ROOTS", str(place))


def replies() -> list[dict[str, Any]]:
    step = {"text": "Listen for the tone.", "modality": "audio", "start_s": 0.2, "end_s": 0.6}
    look = {"text": "Watch the block.", "modality": "visual"}
    claims = [
        {
            "text": "A tone sounds early.",
            "status": "contradicted",
            "modality": "audio",
            "observed": "silence",
        }
    ]
    return [
        actor(steps=[step, look]),
        caption("A tone sounds early.", "A block moves."),
        verdict(3, 1, claims=claims, omissions=["the flash"]),
        verdict(9, 2),
        target("the tone"),
    ]


@pytest.fixture(scope="module")
def ended(place: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The state of a run of two passes."""
    model = script(tmp_path_factory.mktemp("script"), replies())
    return state_of(str(ordinary(place)), QUESTION, **everyone(model), target=model, max_frames=4)


def edited(state: dict[str, Any], **values: Any) -> dict[str, Any]:
    changed = copy.deepcopy(state)
    changed["values"] |= values
    return changed


def test_a_run_is_shown_with_its_clip_and_passes(ended: dict[str, Any]) -> None:
    page = Server(ended).thread()
    assert page.status_code == 200
    seen = Seen(page)
    assert [a["src"][:22] for a in seen.all("img") if a["src"]] == ["data:image/jpeg;base64"] * 4
    assert seen.all("audio")[0]["src"].startswith("data:audio/wav;base64")  # type: ignore[union-attr]
    assert {a["class"] for a in seen.all("path")} == {"wave", "frame"}
    text = " ".join(seen.text.split())
    for words in (
        QUESTION,
        "accepted",
        "Pass 1 3 of 10, below the threshold of 6",
        "Pass 2 9 of 10, reaches the threshold of 6",
        "✗ s1 audio 0.2–0.6 s Listen for the tone.",
        "· s2 visual Watch the block.",
        "✗ contradicted A tone sounds early. silence",
        "the flash",
        "without a window: s2",
        "A tone sounds early. A block moves.",
        "alone: the tone · with the steps: the tone",
    ):
        assert words in text, words
    assert "[audio]" in seen.text or "[clip]" in seen.text  # what was sent, media by their names


def test_only_the_window_of_a_step_is_marked(ended: dict[str, Any]) -> None:
    seen = Seen(Server(ended).thread())
    (bar,) = [a for a in seen.all("rect") if a["class"] == "bar"]
    duration = ended["values"]["clip"]["duration_s"]
    assert float(bar["x"] or 0) == pytest.approx(0.2 / duration * 1000, abs=0.1)
    assert float(bar["width"] or 0) == pytest.approx(0.4 / duration * 1000, abs=0.2)


def test_nothing_on_a_page_can_run_or_load_anything(ended: dict[str, Any]) -> None:
    for page in (
        Server(ended).thread(),
        Server(ended).get("/aurelia/threads"),
        Server(None).thread(),
    ):
        policy = page.headers["content-security-policy"]
        (nonce,) = re.findall(r"style-src 'nonce-([\w-]+)'", policy)
        assert policy.startswith("default-src 'none'; img-src data:; media-src data:")
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["cache-control"] == "no-store"
        seen = Seen(page)
        assert {a["nonce"] for a in seen.all("style")} == {nonce}
        assert not seen.all("script")
        for tag, attributes in seen.tags:
            assert not [n for n in attributes if n.startswith("on") or n == "style"], tag
            for name in ("src", "href"):
                value = attributes.get(name) or "data:"
                assert value.startswith(("data:", "../threads", "./threads", "../aurelia")), value


def test_two_pages_have_two_nonces(ended: dict[str, Any]) -> None:
    said = {Server(ended).thread().headers["content-security-policy"] for _ in range(2)}
    assert len(said) == 2


OURS = {
    *("clip", "run", "context", "stop_reason", "role", "purpose", "media", "modality", "mode"),
    *("form", "against", "status", "parsed_as", "kind", "action", "id", "step_ids", "raw"),
    "parent",
}
"""Fields that hold no free text, or are tried elsewhere."""


def _spoiled(value: Any) -> Any:
    """The same with every text replaced that isn't a name of ours."""
    if isinstance(value, dict):
        return {
            k: v if k in OURS or k.endswith("version") else _spoiled(v) for k, v in value.items()
        }
    if isinstance(value, list):
        return [_spoiled(item) for item in value]
    return HOSTILE if isinstance(value, str) else value


def test_whatever_models_and_clients_write_is_text(ended: dict[str, Any]) -> None:
    values = ended["values"]
    spoiled = _spoiled({k: values[k] for k in ("iterations", "warnings", "texts")})
    record = _spoiled(values["trajectory"])
    (target_record,) = record["targets"].values()
    record |= {"targets": {HOSTILE: target_record}}
    for trajectory in (None, record):
        state = edited(ended, **spoiled, question=HOSTILE, trajectory=trajectory)
        state["values"]["options"] = {"A": HOSTILE, "B": "b"}
        page = Server(state, status=HOSTILE).thread()
        assert page.status_code == 200, page.text[-300:]
        assert "<img src=x" not in page.text
        assert "<script" not in page.text
        assert page.text.count("&lt;script&gt;alert(2)") > 10
        assert "{{ 7 * 7 }}" in Seen(page).text
        assert not re.search("[\u202e\x00]", page.text)
    listed = Server(edited(ended, question=HOSTILE, answer=HOSTILE)).get("/aurelia/threads")
    assert "&lt;script&gt;" in listed.text
    assert "<script" not in listed.text


def test_a_clip_outside_the_roots_is_not_shown(
    ended: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AURELIA_MEDIA_ROOTS", str(tmp_path))
    page = Server(ended).thread()
    seen = Seen(page)
    assert page.status_code == 200
    assert not seen.all("img")
    assert not seen.all("audio")
    assert "not below a directory that this server reads clips from" in seen.text
    assert "Pass 2" in seen.text  # the rest is
    assert [a for a in seen.all("rect") if a["class"] == "bar"]


def test_a_state_that_was_edited_shows_no_other_file(ended: dict[str, Any], place: Path) -> None:
    secret = place / "secret.txt"
    secret.write_text("a secret")
    for path in (str(secret), "/etc/passwd", "../secret.txt", "concat:a|b"):
        clip = ended["values"]["clip"] | {"path": path}
        seen = Seen(Server(edited(ended, clip=clip, trajectory=None)).thread())
        assert not seen.all("img"), path
        assert "can't be shown" in seen.text
        assert "a secret" not in seen.text


def test_a_clip_that_has_changed_is_not_shown(ended: dict[str, Any], place: Path) -> None:
    other = ordinary(place / "other")
    other.write_bytes(other.read_bytes() + b"0")
    clip = ended["values"]["clip"] | {"path": str(other)}
    seen = Seen(Server(edited(ended, clip=clip)).thread())
    assert not seen.all("img")
    assert "is not the one that this thread was started with" in seen.text


@pytest.mark.parametrize(
    "name", ["x", "..", "%2e%2e%2fetc", THREAD.replace("-", ""), f"{{{THREAD}}}"]
)
def test_an_id_that_is_none_is_refused_without_asking(name: str) -> None:
    page = Server(None).get(f"/aurelia/threads/{name}")
    assert page.status_code in (400, 404)
    if page.status_code == 400:
        assert "no thread's id" in Seen(page).text


def test_an_unknown_thread_is_said_to_be() -> None:
    page = Server(None).thread()
    assert page.status_code == 404
    assert "no such thread" in Seen(page).text


def test_a_thread_of_another_graph_is_said_to_be() -> None:
    page = Server({"values": {"messages": ["hello"]}, "tasks": []}).thread()
    assert page.status_code == 404
    assert "no run of AURELIA" in Seen(page).text


@pytest.mark.parametrize(
    "broken",
    [
        {"iterations": [{"index": "<b>"}], "trajectory": None},
        {"iterations": 7, "trajectory": None},
        {"context": {"max_frames": -1}},
        {"clip": {"path": "<script>"}},
        {"trajectory": {"id": "x"}},
        {"texts": ["a"], "trajectory": None},
        {"options": "ab"},
    ],
)
def test_a_state_that_is_none_of_ours_is_said_to_be(
    ended: dict[str, Any], broken: dict[str, Any]
) -> None:
    page = Server(edited(ended, **broken)).thread()
    assert page.status_code == 422
    assert "can't be read" in Seen(page).text
    assert "<script" not in page.text


def test_a_run_that_waits_for_a_person_says_so(place: Path, tmp_path: Path) -> None:
    model = script(tmp_path, replies())
    state = state_of(str(ordinary(place)), QUESTION, **everyone(model), review="steps")
    seen = Seen(Server(state, status="interrupted").thread())
    text = " ".join(seen.text.split())
    assert "interrupted pass 1 waits for a person: steps" in text
    assert "not scored yet" in text


def test_the_list_names_runs_of_this_graph_alone(ended: dict[str, Any]) -> None:
    server = Server(ended)
    seen = Seen(server.get("/aurelia/threads"))
    assert f"./threads/{THREAD}" in [a["href"] for a in seen.all("a")]
    assert QUESTION in seen.text
    assert "2026-01-02 03:04:05" in seen.text
    assert server.searched[0]["metadata"] == {"graph_id": "aurelia"}
    assert "values" not in server.searched[0]["select"]  # whole states would be megabytes


def test_a_server_without_runs_says_what_to_do() -> None:
    seen = Seen(Server({"values": {}}).get("/aurelia/threads"))
    assert "There are none yet" in seen.text


def test_pages_show_nobody_more_than_the_api_does(ended: dict[str, Any]) -> None:
    server = Server(ended, key="secret")
    for path in (f"/aurelia/threads/{THREAD}", "/aurelia/threads"):
        refused = server.get(path)
        assert refused.status_code == 401
        assert QUESTION not in refused.text
        assert QUESTION in server.get(path, {"x-api-key": "secret"}).text


def test_pages_are_for_reading() -> None:
    response: httpx.Response = Server(None).get("/aurelia/threads/")
    assert response.status_code in (307, 400, 404)
