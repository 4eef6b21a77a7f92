"""The pages on a real server, and as a browser shows them."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from langgraph_sdk.client import SyncLangGraphClient
from PIL import Image

from aurelia.graph.threads import record_of
from tests.server.conftest import QUESTION, Server

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
ROLES = ("actor", "summarizer", "critic", "target")


@pytest.fixture(scope="module")
def thread(client: SyncLangGraphClient) -> str:
    """A thread with a run on the demo clip, by models that measure."""
    made = client.threads.create()["thread_id"]
    context: Any = dict.fromkeys(ROLES, "offline:perception") | {"max_frames": 5}
    client.runs.wait(made, "aurelia", input={}, context=context)
    return made


def page(server: Server, path: str) -> httpx.Response:
    return httpx.get(f"{server.url}/aurelia/{path}", trust_env=False, timeout=60)


def test_a_thread_of_the_server_has_a_page(server: Server, thread: str) -> None:
    shown = page(server, f"threads/{thread}")
    assert shown.status_code == 200
    assert shown.text.count("data:image/jpeg;base64,") == 5
    assert "data:audio/wav;base64," in shown.text
    assert QUESTION in shown.text
    assert 'class="wave"' in shown.text
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_list_leads_to_it(server: Server, thread: str) -> None:
    assert f"threads/{thread}" in page(server, "threads").text


def test_a_call_of_the_agents_tool_has_a_page_and_a_record(
    server: Server, client: SyncLangGraphClient
) -> None:
    made = client.threads.create()["thread_id"]
    waits: Any = {"review": "steps", "max_iterations": 1}
    client.runs.wait(made, "examine_clip", input=server.asks(), context=waits)
    shown = page(server, f"threads/{made}")
    assert shown.status_code == 200
    assert "waits for a person" in shown.text
    said: Any = client.runs.wait(made, "examine_clip", command={"resume": "approve"}, context=waits)
    assert set(said) == {"result", "stop_reason"}
    shown = page(server, f"threads/{made}")
    assert "data:image/jpeg;base64," in shown.text
    assert QUESTION in shown.text
    assert f"threads/{made}" in page(server, "threads").text
    record = record_of(client.threads.get_state(made)["values"])  # type: ignore[arg-type]
    assert (record.stop_reason, len(record.iterations)) == (said["stop_reason"], 1)


def test_what_is_no_thread_is_said_to_be(server: Server) -> None:
    assert page(server, "threads/none").status_code == 400
    unknown = page(server, "threads/01a1fe4d-0000-7739-9a79-d7e5a7860ef0")
    assert unknown.status_code == 404
    assert "no such thread" in unknown.text


def test_the_api_beside_it_is_as_it_was(server: Server) -> None:
    assert httpx.get(f"{server.url}/ok", trust_env=False).json()["ok"] is True
    described = httpx.get(f"{server.url}/openapi.json", trust_env=False).json()
    assert "/threads/{thread_id}/state" in described["paths"]


@pytest.mark.skipif(not BROWSER, reason="needs Chromium: apt-get install chromium")
def test_a_browser_shows_frames_waveform_and_steps(
    server: Server, thread: str, tmp_path: Path
) -> None:
    picture = tmp_path / "page.png"
    command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    command += ["--no-first-run", "--disable-background-networking", "--disable-sync"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1180,1600"]
    command += [f"--screenshot={picture}", f"{server.url}/aurelia/threads/{thread}"]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    for what, colour, least in (
        ("paper", (246, 247, 249), 50_000),  # its style is let through by the policy
        ("ball of a frame", (230, 90, 60), 400),  # so are its pictures
        ("waveform", (143, 163, 191), 3_000),
        ("frame mark", (48, 86, 211), 150),
    ):
        near = np.abs(pixels - colour).max(axis=2) <= 24
        assert near.sum() >= least, (what, int(near.sum()))
