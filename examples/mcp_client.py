"""A client of AURELIA's MCP endpoint, which every LangGraph Server has, at `/mcp`.

aurelia studio                                       # in another terminal
python examples/mcp_client.py --clip clips/a.mp4 --question "What makes the sound?"

The protocol is JSON-RPC over HTTP, and short enough to be spoken by hand; a client of an MCP
package does the same. The endpoint keeps no session. A clip is a path on the server, below the
directories that its owner opened.
"""

import argparse
import ast
import sys
from typing import Any

import httpx

PROTOCOL = "2025-03-26"
TOOL = "examine_clip"


class Endpoint:
    """An MCP endpoint.

    Args:
        url: of the server, without `/mcp`.
        seconds: that a reply may take.
    """

    def __init__(self, url: str, seconds: float = 600) -> None:
        self._url = f"{url.rstrip('/')}/mcp"
        self._seconds = seconds
        self._id = 0

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a request.

        Raises:
            RuntimeError: the server refuses it.
        """
        self._id += 1
        response = httpx.post(
            self._url,
            headers={"accept": "application/json, text/event-stream"},
            json={"jsonrpc": "2.0", "id": self._id, "method": method, "params": params},
            timeout=self._seconds,
            follow_redirects=True,
            trust_env=False,
        )
        response.raise_for_status()
        reply = response.json()
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error']['message']}")
        return dict(reply["result"])


def examine(url: str, **arguments: Any) -> tuple[dict[str, str], list[str]]:
    """What AURELIA says about a clip, and the arguments that its tool takes.

    Raises:
        RuntimeError: it says what is wrong instead.
    """
    endpoint = Endpoint(url)
    endpoint.ask(
        "initialize",
        protocolVersion=PROTOCOL,
        capabilities={},
        clientInfo={"name": "example", "version": "1"},
    )
    tools = {tool["name"]: tool for tool in endpoint.ask("tools/list")["tools"]}
    takes = list(tools[TOOL]["inputSchema"]["properties"])
    reply = endpoint.ask("tools/call", name=TOOL, arguments=arguments)
    text = "\n".join(part["text"] for part in reply["content"] if part["type"] == "text")
    if reply.get("isError"):
        raise RuntimeError(text)
    # A model reads the text as it is; the endpoint gives Python's way of writing it.
    return ast.literal_eval(text), takes


def main() -> None:
    """Ask once, and print the reply."""
    parser = argparse.ArgumentParser(description="Asks AURELIA through MCP.")
    parser.add_argument("--url", default="http://127.0.0.1:2024")
    parser.add_argument("--clip", required=True)
    parser.add_argument("--question", required=True)
    given = parser.parse_args()
    try:
        said, takes = examine(given.url, clip=given.clip, question=given.question)
    except RuntimeError as error:
        sys.exit(str(error))
    sys.stdout.write(f"The tool takes {', '.join(takes)}.\n{said['result']}\n")
    sys.stdout.write(f"The loop ended: {said['stop_reason']}.\n")


if __name__ == "__main__":
    main()
