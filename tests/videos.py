"""Small real videos for tests, made by ffmpeg once a run."""

from __future__ import annotations

import functools
import subprocess
import tempfile
from pathlib import Path

SRT = "1\n00:00:00,000 --> 00:00:01,000\nHello\n"
PICTURE = ["-f", "lavfi", "-i", "testsrc2=s={size}:d=2:r=25"]
SOUND = ["-f", "lavfi", "-i", "sine=d=2"]
X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
SCREEN = "G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)"
PQ = f"colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:hdr10=1:max-cll=1000,400:master-display={SCREEN}"
HDR10 = ["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params", f"log-level=none:{PQ}"]
HLG = [
    "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params",
    "log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc",
]  # fmt: skip


@functools.cache
def _shelf() -> Path:
    return Path(tempfile.mkdtemp(prefix="mediasync-videos-"))


@functools.cache
def film(name: str = "film.mkv", *, size: str = "320x180", hdr: str = "", tracks: bool = True) -> bytes:
    """Return a video of two seconds: German 5.1 and English stereo, Portuguese and forced English subtitles."""
    where, words = _shelf() / name, _shelf() / "words.srt"
    words.write_text(SRT)
    text = "mov_text" if name.endswith(".mp4") else "srt"
    picture = [part.format(size=size) for part in PICTURE]
    inputs, maps = [*picture], ["-map", "0:v"]
    if tracks:
        inputs += [*SOUND, *SOUND, "-i", str(words), "-i", str(words)]
        maps += ["-map", "1:a", "-map", "2:a", "-map", "3:s", "-map", "4:s"]
        maps += ["-c:a:0", "ac3", "-ac:a:0", "6", "-c:a:1", "aac", "-ac:a:1", "2", "-c:s", text]
        for stream, language in (("a:0", "ger"), ("a:1", "eng"), ("s:0", "por"), ("s:1", "eng")):
            maps += [f"-metadata:s:{stream}", f"language={language}"]
        maps += ["-disposition:s:1", "forced"]
    picture_codec = {"": X264, "HDR10": HDR10, "HLG": HLG}[hdr]
    command = ["ffmpeg", "-v", "error", "-y", *inputs, *maps, *picture_codec, str(where)]
    subprocess.run(command, check=True, capture_output=True)
    return where.read_bytes()
