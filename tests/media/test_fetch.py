"""Clips from URLs: when they are downloaded, from where, how large, and how long it may take."""

import datetime
import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aurelia.errors import ConfigurationError, MediaError
from aurelia.media import fetch
from aurelia.media.addresses import is_public
from aurelia.media.fetch import Network, download, shown
from aurelia.media.open import open_clip
from aurelia.serving import DownloadSettings, download_settings
from tests import clips as make

ON = DownloadSettings(enabled=True, max_bytes=1_000_000, max_seconds=30)
Answer = Callable[[BaseHTTPRequestHandler], None]


class Site(ThreadingHTTPServer):
    """A server on loopback; what it answers at a path, and what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str, host: str = "films.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(self, path: str, body: bytes, **headers: str) -> None:
        """Answer with a body."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer

    def redirect(self, path: str, to: str) -> None:
        """Answer with a redirect."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(302)
            handler.send_header("Location", to)
            handler.end_headers()

        self.answers[path] = answer

    def raw(self, path: str, *pieces: bytes) -> None:
        """Answer with bytes as they are."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            for piece in pieces:
                handler.wfile.write(piece)

        self.answers[path] = answer


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path)
        if answer is None:
            self.send_error(404)
        else:
            answer(self)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def loopback(**hosts: str) -> Network:
    """Names that lead to addresses of the test's choosing; loopback alone may be gone to."""
    known = {"films.example": "127.0.0.1"} | {k.replace("_", "."): v for k, v in hosts.items()}
    return Network(
        resolve=lambda host, port: [known.get(host, host)],
        is_allowed=lambda address: address == "127.0.0.1",
    )


def refusal(url: str, folder: Path, **options: Any) -> str:
    options = {"limits": ON, "network": loopback(), **options}
    with pytest.raises(MediaError) as caught:
        download(url, folder=folder, **options)
    assert not list(folder.iterdir())
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


def test_a_download_is_kept_by_its_content(site: Site, tmp_path: Path) -> None:
    site.serve("/a/film.MP4", b"film")
    digest = hashlib.sha256(b"film").hexdigest()
    for _ in range(2):
        url = site.url("/a/film.MP4#t=3")
        path = download(url, folder=tmp_path, limits=ON, network=loopback())
        assert path == tmp_path / f"{digest}.mp4"
        assert path.read_bytes() == b"film"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    asked, headers = site.asked[0]
    assert asked == "/a/film.MP4"
    assert headers["Host"] == f"films.example:{site.port}"
    assert set(headers) == {"Host", "User-Agent", "Accept-Encoding"}


def test_urls_are_off_unless_switched_on(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AURELIA_MEDIA_URLS", raising=False)
    site.serve("/film.mp4", b"film")
    assert "AURELIA_MEDIA_URLS=1" in refusal(site.url("/film.mp4"), tmp_path, limits=None)
    with pytest.raises(MediaError, match="AURELIA_MEDIA_URLS=1"):
        open_clip(site.url("/film.mp4", "127.0.0.1"))
    assert not site.asked


def test_a_clip_may_be_a_url_where_these_are_on(
    site: Site, clips: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = make.ordinary(clips)
    site.serve("/film.mp4?key=hush", film.read_bytes())
    site.serve("/sound.wav", make.wav(clips).read_bytes())
    monkeypatch.setenv("AURELIA_MEDIA_URLS", "1")
    monkeypatch.setattr(fetch, "Network", loopback)
    sound = site.url("/sound.wav")
    clip = open_clip(site.url("/film.mp4?key=hush"), sound, candidates={"A": sound})
    assert clip.sha256 == hashlib.sha256(film.read_bytes()).hexdigest()
    assert Path(clip.path).name == f"{clip.sha256}.mp4"
    assert clip.candidates[0].path == clip.audio
    assert f"The clip was downloaded from {site.url('/film.mp4')}." in clip.warnings
    assert "hush" not in clip.model_dump_json()


def test_a_page_is_no_clip(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.serve("/film.mp4", b"<html>Please log in</html>", Content_Type="video/mp4")
    monkeypatch.setenv("AURELIA_MEDIA_URLS", "1")
    monkeypatch.setattr(fetch, "Network", loopback)
    with pytest.raises(MediaError, match="no media file"):
        open_clip(site.url("/film.mp4"))


PRIVATE = [
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:a00:1::",
    "films.example",
    "",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]"]
)
def test_spellings_of_this_machine_are_refused(site: Site, tmp_path: Path, host: str) -> None:
    """With the system's own resolver, and the rule that is in force."""
    site.serve("/film.mp4", b"film")
    message = refusal(site.url("/film.mp4", host), tmp_path, network=Network())
    assert "open Internet" in message
    assert not site.asked


def test_a_host_that_is_unknown_and_one_that_is_private_look_alike(tmp_path: Path) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    private = refusal("http://a.internal/f", tmp_path, network=loopback(a_internal="10.0.0.1"))
    assert private == refusal("http://a.internal/f", tmp_path, network=Network(resolve=unknown))


def test_every_address_of_a_host_must_be_public(site: Site, tmp_path: Path) -> None:
    site.serve("/film.mp4", b"film")
    both = Network(
        resolve=lambda host, port: ["127.0.0.1", "10.0.0.1"], is_allowed=loopback().is_allowed
    )
    assert "open Internet" in refusal(site.url("/film.mp4"), tmp_path, network=both)
    assert not site.asked


def test_the_connection_goes_to_the_address_that_was_checked(site: Site, tmp_path: Path) -> None:
    """A name that points elsewhere when it is looked up again."""
    looked_up: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["127.0.0.2"]

    site.serve("/film.mp4", b"film")
    network = Network(resolve=rebinding, is_allowed=lambda address: address == "127.0.0.1")
    assert download(site.url("/film.mp4"), folder=tmp_path, limits=ON, network=network).exists()
    assert looked_up == ["films.example"]
    site.redirect("/again", "/film.mp4")
    (tmp_path / "b").mkdir()
    looked_up.clear()
    assert "open Internet" in refusal(site.url("/again"), tmp_path / "b", network=network)
    assert looked_up == ["films.example"] * 2


def test_redirects_are_followed_and_checked_again(site: Site, tmp_path: Path) -> None:
    site.serve("/film.mp4", b"film")
    site.redirect("/here", "/there?x=1")
    site.redirect("/there?x=1", site.url("/film.mp4", "others.example"))
    network = loopback(others_example="127.0.0.1", inner_example="10.0.0.1")
    found = download(site.url("/here"), folder=tmp_path, limits=ON, network=network)
    assert found.suffix == ".mp4"
    found.unlink()
    for target in ("http://inner.example/", "http://169.254.169.254/latest/meta-data/"):
        site.redirect("/in", target)
        assert "open Internet" in refusal(site.url("/in"), tmp_path, network=network)
    for target in ("file:///etc/passwd", "ftp://films.example/a", "concat:a|b", "gopher://a/_x"):
        site.redirect("/odd", target)
        assert "makes no sense" in refusal(site.url("/odd"), tmp_path, network=network)
    site.redirect("/round", "/round")
    assert "redirected more than 5 times" in refusal(site.url("/round"), tmp_path)
    site.raw("/nowhere", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
    assert "to nowhere" in refusal(site.url("/nowhere"), tmp_path)


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("ftp://films.example/a", "makes no sense"),
        ("file:///etc/passwd", "makes no sense"),
        ("http://", "makes no sense"),
        ("http://films.example:0/a", "makes no sense"),
        ("http://films.example:99999/a", "makes no sense"),
        ("http://films.example/a b", "makes no sense"),
        ("http://films.example\\@127.0.0.1/a", "makes no sense"),
        ("http://films.example/a\r\nX-Evil: 1", "makes no sense"),
        ("http://[::1/a", "makes no sense"),
        ("http://me:hush@films.example/a", "user or a password"),
    ],
)
def test_odd_urls_are_refused(tmp_path: Path, url: str, word: str) -> None:
    message = refusal(url, tmp_path)
    assert word in message
    assert "hush" not in message


def test_what_is_too_large_is_refused(site: Site, tmp_path: Path) -> None:
    small = DownloadSettings(enabled=True, max_bytes=1000, max_seconds=30)
    site.serve("/announced", b"x" * 1001)
    site.raw("/endless", b"HTTP/1.0 200 OK\r\n\r\n", b"x" * 5000)
    chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"
    site.raw("/chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, chunk)
    for path in ("/announced", "/endless", "/chunks"):
        message = refusal(site.url(path), tmp_path, limits=small)
        assert "AURELIA_MEDIA_URL_MAX_MB" in message
    site.serve("/just", b"x" * 1000)
    assert download(site.url("/just"), folder=tmp_path, limits=small, network=loopback())


@pytest.mark.parametrize("when", ["connect", "head", "body"])
def test_what_takes_too_long_is_given_up(site: Site, tmp_path: Path, when: str) -> None:
    """On a clock that leaps where the server is at work: a drip does not stretch the limit."""
    ticks = iter(range(10**6))
    leap = {"connect": 1, "head": 3, "body": 6}[when]
    site.raw("/film.mp4", b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n", b"x" * 300_000)
    network = Network(
        resolve=loopback().resolve,
        is_allowed=loopback().is_allowed,
        now=lambda: 1000.0 if next(ticks) >= leap else 0.0,
    )
    limits = DownloadSettings(enabled=True, max_bytes=10_000_000, max_seconds=30)
    message = refusal(site.url("/film.mp4"), tmp_path, limits=limits, network=network)
    assert ("open Internet" if when == "connect" else "took longer than the 30 s") in message


def test_what_is_not_whole_is_refused(site: Site, tmp_path: Path) -> None:
    site.raw("/cut", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"half")
    assert "cut off" in refusal(site.url("/cut"), tmp_path)
    assert "status 404" in refusal(site.url("/absent"), tmp_path)
    site.raw("/noise", b"\x00\x01noise\r\n\r\n")
    assert "could not be downloaded" in refusal(site.url("/noise"), tmp_path)
    site.serve("/packed", b"x", Content_Encoding="gzip")
    assert "compressed" in refusal(site.url("/packed"), tmp_path)
    site.raw("/part", b"HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\n\r\nx")
    assert "status 206" in refusal(site.url("/part"), tmp_path)


def test_no_proxy_of_the_environment_is_used(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.serve("/film.mp4", b"film")
    assert download(site.url("/film.mp4"), folder=tmp_path, limits=ON, network=loopback()).exists()


def test_the_certificate_is_that_of_the_host(site: Site, tmp_path: Path) -> None:
    """Though the connection goes to an address, the name is what is checked."""
    certificate = _certificate(tmp_path, "films.example")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    site.socket = serving.wrap_socket(site.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(certificate))
    site.serve("/film.mp4", b"film")
    site.redirect("/down", site.url("/film.mp4"))
    kept = tmp_path / "kept"
    kept.mkdir()
    known = loopback(others_example="127.0.0.1")
    network = Network(known.resolve, known.is_allowed, trusting)
    secure = site.url("/film.mp4").replace("http:", "https:")
    assert "open Internet" in refusal(secure, kept)  # not trusted
    other = secure.replace("films.", "others.")
    assert "open Internet" in refusal(other, kept, network=network)
    down = secure.replace("film.mp4", "down")
    assert "without https" in refusal(down, kept, network=network)
    assert download(secure, folder=kept, limits=ON, network=network).read_bytes() == b"film"


def _certificate(directory: Path, host: str) -> Path:
    """A key and a certificate that it signs itself, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = directory / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_a_url_is_shown_without_what_may_be_a_key() -> None:
    assert shown("https://me:hush@a.example:8/b/c.mp4?sig=hush#x") == "https://a.example:8/b/c.mp4"


def test_old_downloads_make_room(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    monkeypatch.setenv("AURELIA_CACHE_MAX_MB", "0.001")
    for name, age_days in (("old", 3), ("older", 5), ("new", 0)):
        (tmp_path / name).write_bytes(b"x" * 600)
        stamp = (tmp_path / name).stat().st_mtime - age_days * 86_400
        os.utime(tmp_path / name, (stamp, stamp))
    site.serve("/film.mp4", b"x" * 300)
    kept = download(site.url("/film.mp4"), folder=tmp_path, limits=ON, network=loopback())
    assert {path.name for path in tmp_path.iterdir()} == {kept.name, "new"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AURELIA_MEDIA_URLS", "yes"),
        ("AURELIA_MEDIA_URL_MAX_MB", "many"),
        ("AURELIA_MEDIA_URL_MAX_MB", "-1"),
        ("AURELIA_MEDIA_URL_MAX_S", "inf"),
    ],
)
def test_settings_that_make_no_sense(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=variable):
        download_settings()


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURELIA_MEDIA_URLS", "1")
    monkeypatch.setenv("AURELIA_MEDIA_URL_MAX_MB", "2")
    monkeypatch.setenv("AURELIA_MEDIA_URL_MAX_S", "1.5")
    assert download_settings() == DownloadSettings(True, 2 * 1024**2, 1.5)
