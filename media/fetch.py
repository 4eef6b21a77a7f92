"""A clip from a URL: downloaded whole, within limits, and kept by its content.

Names are resolved once per request, every address is checked, and the connection goes to one that
was checked: a name that points elsewhere a moment later changes nothing. No proxy, cookie, key or
header of the environment is used.
"""

import contextlib
import hashlib
import http.client
import os
import re
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from aurelia.errors import MediaError
from aurelia.media.addresses import Resolve, is_public, resolve
from aurelia.media.connection import connect
from aurelia.serving import DownloadSettings, download_settings
from aurelia.settings import load_settings

FOLDER = "downloads"
"""Where downloads are kept, below the cache directory."""

_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_BLOCK = 1 << 16
_IN_USE_S = 24 * 3600.0
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Network:
    """How the network is reached; tests put a loopback server in its place.

    Attributes:
        resolve: host and port to addresses.
        is_allowed: whether an address may be gone to.
        tls: how certificates are checked.
        now: a clock in seconds that only goes forward.
    """

    resolve: Resolve = resolve
    is_allowed: Callable[[str], bool] = is_public
    tls: ssl.SSLContext | None = None
    now: Callable[[], float] = field(default=time.monotonic)


def is_url(path: str) -> bool:
    """Whether a clip's path is a URL that could be downloaded."""
    return path.lower().startswith(("http://", "https://"))


def shown(url: str) -> str:
    """A URL without what may be a key in it: user, query and fragment."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def download(
    url: str,
    what: str = "clip",
    *,
    limits: DownloadSettings | None = None,
    folder: Path | None = None,
    network: Network | None = None,
) -> Path:
    """Download a file, and say where it is; its name is the SHA-256 of its content.

    Args:
        url: of http or https.
        what: what the file is, for messages.
        limits: None: as the environment says.
        folder: where it is kept; None: in the cache.
        network: None: the real one.

    Raises:
        MediaError: URLs are not switched on, its host is not on the open Internet, it is too
            large, too slow, or it can't be had.
    """
    limits = limits or download_settings()
    if not limits.enabled:
        raise MediaError(
            f"The {what} is a URL, and these are not switched on here; download it first, or set "
            "AURELIA_MEDIA_URLS=1."
        )
    settings = load_settings()
    folder = folder or settings.cache_dir / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as scratch:
            part = Path(scratch) / "part"
            with part.open("wb") as file:
                digest, suffix = _into(file, url, what, limits, network or Network())
            place = folder / f"{digest}{suffix}"
            part.replace(place)
            _evict(folder, place, settings.cache_max_bytes)
    except OSError as error:
        raise MediaError(
            f"The {what} from {shown(url)} can't be kept ({error.strerror}); look at "
            "AURELIA_CACHE_DIR."
        ) from error
    return place


def _into(
    file: BinaryIO, url: str, what: str, limits: DownloadSettings, network: Network
) -> tuple[str, str]:
    """Write what a URL holds to a file; its digest, and the ending of its name."""
    deadline = network.now() + limits.max_seconds
    for _ in range(_MOST_REDIRECTS + 1):
        parts = _checked(url, what)
        connection = _connected(parts, what, deadline, network)
        try:
            target = (quote(parts.path, safe="/%:@!$&'()*+,;=~") or "/") + (
                f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
            )
            connection.request(
                "GET", target, headers={"User-Agent": "aurelia", "Accept-Encoding": "identity"}
            )
            with connection.getresponse() as reply:
                if reply.status not in _REDIRECTS:
                    digest = _copied(reply, file, url, what, limits)
                    suffix = _SUFFIX.fullmatch(os.path.splitext(parts.path)[1])  # noqa: PTH122
                    return digest, suffix[0].lower() if suffix else ""
                url = _next(url, reply.headers.get("Location"), what)
        except TimeoutError:
            raise MediaError(
                f"The {what} from {shown(url)} took longer than the {limits.max_seconds:g} s that "
                "a download may (AURELIA_MEDIA_URL_MAX_S); download it first."
            ) from None
        except (http.client.HTTPException, ssl.SSLError, ConnectionError) as error:
            raise MediaError(
                f"The {what} from {shown(url)} could not be downloaded "
                f"({type(error).__name__}); try again, or download it first."
            ) from error
        finally:
            connection.close()
    raise MediaError(f"The {what} is redirected more than {_MOST_REDIRECTS} times; give its URL.")


def _checked(url: str, what: str) -> SplitResult:
    """The parts of a URL that may be asked for."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")
    except (ValueError, UnicodeError):
        fine = False
    if not fine or re.search(r"[\x00-\x20\x7f\\]", url):
        raise MediaError(f"The URL of the {what} makes no sense; give http(s)://host/path.")
    if parts.username is not None or parts.password is not None:
        raise MediaError(f"The URL of the {what} can't hold a user or a password.")
    return parts


def _connected(
    parts: SplitResult, what: str, deadline: float, network: Network
) -> http.client.HTTPConnection:
    """A connection to an address of the host, all of which were found to be public."""
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    refused = MediaError(
        f"The {what} can't be had from {host!r}: no such host is known on the open Internet, or it "
        "can't be reached; give a public URL, or a file."
    )
    try:
        addresses = network.resolve(host, port)
    except (OSError, UnicodeError):
        raise refused from None
    if not addresses or not all(map(network.is_allowed, addresses)):
        raise refused
    tls = (network.tls or ssl.create_default_context()) if parts.scheme == "https" else None
    try:
        return connect(host, port, addresses, tls, deadline, network.now)
    except OSError:
        raise refused from None


def _next(url: str, location: str | None, what: str) -> str:
    if not location:
        raise MediaError(f"The {what} from {shown(url)} is redirected to nowhere.")
    target = urljoin(url, location)
    if url.startswith("https:") and not target.startswith("https:"):
        raise MediaError(
            f"The {what} from {shown(url)} is redirected to a URL without https; give its own URL."
        )
    return target


def _copied(
    reply: http.client.HTTPResponse, file: BinaryIO, url: str, what: str, limits: DownloadSettings
) -> str:
    """Copy a reply's body; its SHA-256."""
    if reply.status != 200:
        raise MediaError(f"The {what} from {shown(url)} can't be had: status {reply.status}.")
    if (reply.headers.get("Content-Encoding") or "identity").lower() != "identity":
        raise MediaError(f"The {what} from {shown(url)} comes compressed; download it first.")
    too_large = MediaError(
        f"The {what} from {shown(url)} is larger than the {limits.max_bytes / 1e6:,.1f} MB that a "
        "download may be (AURELIA_MEDIA_URL_MAX_MB); download it first."
    )
    if reply.length is not None and reply.length > limits.max_bytes:
        raise too_large
    digest, size = hashlib.sha256(), 0
    for block in _blocks(reply):
        size += len(block)
        if size > limits.max_bytes:
            raise too_large
        digest.update(block)
        file.write(block)
    if reply.length:  # what was announced and never came
        raise MediaError(f"The {what} from {shown(url)} was cut off; try again.")
    return digest.hexdigest()


def _evict(folder: Path, keep: Path, max_bytes: int) -> None:
    """Remove the oldest downloads until the rest fits; those of the last day may be in use."""
    files = []
    for path in folder.iterdir():
        if path != keep and not path.name.startswith("."):
            with contextlib.suppress(FileNotFoundError):  # removed by another process just now
                files.append((path.stat().st_mtime, path, path.stat().st_size))
    total = keep.stat().st_size + sum(size for _, _, size in files)
    for changed, path, size in sorted(files):
        if total <= max_bytes or changed > time.time() - _IN_USE_S:
            return
        path.unlink(missing_ok=True)
        total -= size


def _blocks(reply: http.client.HTTPResponse) -> Iterator[bytes]:
    while block := reply.read1(_BLOCK):
        yield block
