"""Files that name other files or servers: whatever FFmpeg makes of them, it reaches neither."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import pytest

from aurelia.errors import MediaError
from aurelia.media.open import open_clip
from tests import clips as make


class Listener:
    """A port on loopback that counts who comes."""

    def __init__(self) -> None:
        self.visits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextmanager
def listening() -> Iterator[Listener]:
    listener = Listener()
    try:
        yield listener
    finally:
        listener.close()


HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{there}\n#EXT-X-ENDLIST\n"
HLS_KEY = (
    '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXT-X-KEY:METHOD=AES-128,URI="{there}"\n#EXTINF:9,\n'
    "{there}\n#EXT-X-ENDLIST\n"
)
HLS_MASTER = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{there}\n"
CONCAT = "ffconcat version 1.0\nfile '{there}'\n"
DASH = """<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S"
 profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" minBufferTime="PT1S">
 <Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1" width="320"
 height="180" codecs="avc1.42c00d"><BaseURL>{there}</BaseURL></Representation></AdaptationSet>
 </Period></MPD>
"""
SVG = (
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90">'
    '<image width="90" height="90" xlink:href="{there}"/></svg>'
)
SDP = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\n"
M3U = "{there}\n"
IMF = '<?xml version="1.0"?>\n<CompositionPlaylist>{there}</CompositionPlaylist>\n'
VOBSUB = "# VobSub index file, v7 (do not modify this line!)\nid: en, index: 0\n"
RTSP = "rtsptext\nrtsp://127.0.0.1:{port}/film\n"

FILES = [
    ("list.m3u8", HLS),
    ("keyed.m3u8", HLS_KEY),
    ("master.m3u8", HLS_MASTER),
    ("film.mp4", HLS),
    ("list.ffconcat", CONCAT),
    ("list.txt", CONCAT),
    ("film.mkv", CONCAT),
    ("film.mpd", DASH),
    ("film.avi", DASH),
    ("picture.svg", SVG),
    ("film.sdp", SDP),
    ("list.m3u", M3U),
    ("film.xml", IMF),
    ("film.idx", VOBSUB),
    ("film.mov", RTSP),
]


@pytest.mark.parametrize(("name", "text"), FILES, ids=[name for name, _ in FILES])
@pytest.mark.parametrize("how", ["server", "absolute", "relative", "protocol"])
def test_nothing_else_is_reached(
    tmp_path: Path, clips: Path, name: str, text: str, how: str
) -> None:
    secret = tmp_path / "secret.mp4"
    shutil.copy(make.one_frame(clips), secret)
    (tmp_path / "film.sub").write_bytes(secret.read_bytes())
    with listening() as listener:
        there = {
            "server": f"http://127.0.0.1:{listener.port}/film.mp4",
            "absolute": str(secret),
            "relative": "secret.mp4",
            "protocol": f"concat:{secret}|{secret}",
        }[how]
        path = tmp_path / name
        path.write_text(text.format(there=there, port=listener.port))
        with pytest.raises(MediaError) as caught:
            open_clip(path)
    assert listener.visits == 0
    assert str(caught.value).endswith(".")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(("name", "text"), [("list.m3u8", HLS), ("list.ffconcat", CONCAT)])
def test_an_opener_that_allows_all_would_be_led_there(tmp_path: Path, name: str, text: str) -> None:
    """The files above are what FFmpeg follows: opened without our limits, somebody comes."""
    with listening() as listener:
        path = tmp_path / name
        path.write_text(text.format(there=f"http://127.0.0.1:{listener.port}/film.mp4"))
        everything = {"protocol_whitelist": "file,http,tcp", "safe": "0"}
        with pytest.raises((av.FFmpegError, OSError)):
            av.open(str(path), container_options=everything)
    assert listener.visits > 0
