"""What Gemini keeps for an account: uploaded files and cached contexts.

A file goes up by the resumable protocol: one request opens it, further ones bring its bytes. It is
in processing until somebody has asked for it often enough, and gone when it expires.
"""

import re
import threading
from typing import Any

from tests.models.wire.exchange import Received, Reply, as_json
from tests.models.wire.gemini_files import StoredFile, account_of, file_uris, no_file
from tests.models.wire.script import Fail

_OPEN = "/upload/v1beta/files"
_SESSION = "/upload/session/"
_FILE = re.compile(r"/v1beta/(files/[\w-]+)$")
_CACHE = re.compile(r"/v1beta/(cachedContents/[\w-]+)$")
_TIME = "2026-01-01T00:00:00Z"


class Store:
    """Files and caches of all accounts.

    Attributes:
        polls: how often a file must be asked for until it is ACTIVE; 0: at once.
        ends_as: what processing ends in, `ACTIVE` or `FAILED`.
        expires: the time that the server gives for files; None where it gives none.
        smallest_cache: parts that a cache must have, or it is refused as too small.
    """

    def __init__(self, base: str, polls: int = 1) -> None:
        self.polls = polls
        self.ends_as = "ACTIVE"
        self.expires: str | None = "2099-01-01T00:00:00Z"
        self.smallest_cache = 0
        self.files: dict[str, StoredFile] = {}
        self.caches: dict[str, dict[str, Any]] = {}
        self._base = base
        self._lock = threading.Lock()

    @property
    def uploads(self) -> list[StoredFile]:
        """Files that arrived whole, also those that are gone by now."""
        return [file for file in self.files.values() if file.final]

    def expire(self) -> None:
        """All that was kept is gone."""
        with self._lock:
            for file in self.files.values():
                file.gone = True
            self.caches.clear()

    def by_uri(self, uri: str) -> StoredFile | None:
        """The file that requests refer to by `uri`, also one that is gone."""
        return self.files.get("files/" + uri.rpartition("/")[2])

    def cache(self, name: str, request: Received) -> dict[str, Any] | None:
        """The body of a cache of this account."""
        found = self.caches.get(name)
        return found["body"] if found and found["account"] == account_of(request) else None

    def missing(self, body: Any, request: Received) -> Fail | None:
        """Why a request can't use the files that it names."""
        for uri in file_uris(body):
            name = uri.rpartition("/")[2]
            file = self.by_uri(uri)
            if file is None or file.gone or file.account != account_of(request):
                return no_file(name)
            if self._state(file) != "ACTIVE":
                message = f"The File {name} is not in an ACTIVE state and usage is not allowed."
                return Fail(400, message, "FAILED_PRECONDITION")
        return None

    def serve(self, request: Received) -> Reply | Fail:
        """A request for files or caches."""
        with self._lock:
            if request.path == _OPEN:
                return self._open(request)
            if request.path.startswith(_SESSION):
                return self._chunk(request)
            if match := _FILE.match(request.path):
                return self._file(match[1], request)
            if request.path == "/v1beta/cachedContents" and request.method == "POST":
                return self._new_cache(request)
            if match := _CACHE.match(request.path):
                return self._one_cache(match[1], request)
        return Fail(404, f"no {request.method} {request.path} here")

    def _open(self, request: Received) -> Reply | Fail:
        if request.headers.get("x-goog-upload-command") != "start":
            return Fail(400, "An upload begins with X-Goog-Upload-Command: start.")
        given = (request.body or {}).get("file", {})
        name = given.get("name") or f"files/f{len(self.files) + 1}"
        self.files[name] = StoredFile(
            name,
            request.headers["x-goog-upload-header-content-type"],
            int(request.headers["x-goog-upload-header-content-length"]),
            account_of(request),
            given.get("displayName"),
        )
        url = f"{self._base}{_SESSION}{name}"
        return as_json({}, x_goog_upload_url=url, x_goog_upload_status="active")

    def _chunk(self, request: Received) -> Reply | Fail:
        file = self.files[request.path.removeprefix(_SESSION)]
        if int(request.headers["x-goog-upload-offset"]) != file.size:
            return Fail(400, f"Bytes from {file.size} on were expected.")
        file.add(request.raw)
        if "finalize" not in request.headers["x-goog-upload-command"]:
            return as_json({}, x_goog_upload_status="active")
        if file.size != file.declared:
            return Fail(400, f"{file.declared} bytes were announced, {file.size} came.")
        file.final = True
        return as_json({"file": self._shown(file)}, x_goog_upload_status="final")

    def _file(self, name: str, request: Received) -> Reply | Fail:
        file = self.files.get(name)
        if file is None or file.gone or file.account != account_of(request):
            return no_file(name.removeprefix("files/"))
        if request.method == "DELETE":
            file.gone = True
            return as_json({})
        file.asked += 1
        return as_json(self._shown(file))

    def _state(self, file: StoredFile) -> str:
        return self.ends_as if file.asked >= self.polls else "PROCESSING"

    def _shown(self, file: StoredFile) -> dict[str, Any]:
        shown = {
            "name": file.name,
            "mimeType": file.mime,
            "sizeBytes": str(file.size),
            "createTime": _TIME,
            "updateTime": _TIME,
            "uri": f"{self._base}/v1beta/{file.name}",
            "state": self._state(file),
        }
        named = {"displayName": file.display_name} if file.display_name else {}
        return shown | named | ({"expirationTime": self.expires} if self.expires else {})

    def _new_cache(self, request: Received) -> Reply | Fail:
        if fault := self.missing(request.body, request):
            return fault
        parts = sum(len(c.get("parts", ())) for c in request.body.get("contents", ()))
        if parts < self.smallest_cache:
            return Fail(400, "Cached content is too small. total_token_count=1")
        name = f"cachedContents/c{len(self.caches) + 1}"
        shown = {
            "name": name,
            "model": request.body["model"],
            "createTime": _TIME,
            "updateTime": _TIME,
            "expireTime": "2099-01-01T00:00:00Z",
            "usageMetadata": {"totalTokenCount": 1000},
        }
        self.caches[name] = {"shown": shown, "body": request.body, "account": account_of(request)}
        return as_json(shown)

    def _one_cache(self, name: str, request: Received) -> Reply | Fail:
        if self.cache(name, request) is None:
            return Fail(403, "CachedContent not found (or permission denied)")
        if request.method == "DELETE":
            del self.caches[name]
            return as_json({})
        return as_json(self.caches[name]["shown"])
