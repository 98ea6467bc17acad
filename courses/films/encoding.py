"""What ffmpeg is told for each rung: pictures that old phones decode, speech in 40 kbit/s, aligned pieces."""

from pathlib import Path

from django.conf import settings

from courses.films.probe import opening
from courses.films.rungs import (
    FIRST_PIECE_SECONDS,
    PICTURES,
    PIECE_SECONDS,
    PLAYLIST,
    SINGLE,
    SOUND_KBPS,
    THUMB_HEIGHT,
    THUMB_WIDTH,
    Picture,
    Rung,
    strip_of,
)

# One channel, the same in every rung, so that a change of rung is not heard.
SPEECH = ["-c:a", "aac", "-b:a", f"{SOUND_KBPS}k", "-ac", "1", "-ar", "32000"]
QUALITY = 26
# Nothing of the source but its picture and its sound: no subtitles, data, chapters or names.
NOTHING_ELSE = ["-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"]
TOLD = ["-v", "error", "-nostats", "-progress", "pipe:1"]
# Keyframes only where a piece begins, at the same moments in every rung, so that players change between them.
KEYFRAMES = f"expr:gte(t,if(n_forced,{FIRST_PIECE_SECONDS}+{PIECE_SECONDS}*(n_forced-1),0))"
# A table every tenth of a second, as is usual in broadcasting, would cost a fifth of a 240p film.
RARE_TABLES = "pat_period=10:sdt_period=10"


def command(rung: Rung, *, source: Path, folder: Path, length_ms: int, keeps_sound: bool) -> list[str]:
    """What writes a rung of a film into a folder, its sound coded anew or taken as it is."""
    begin = [*opening(source, only_keyframes=rung == Rung.STRIP), *NOTHING_ELSE, *TOLD]
    if rung == Rung.STRIP:
        return [*begin, *_strip(length_ms), str(folder / SINGLE[rung])]
    coding = ["-c:a", "copy"] if keeps_sound else SPEECH
    picture = _picture(PICTURES[rung]) if rung in PICTURES else ["-vn"]
    tracks = [*picture, "-map", "0:a:0?" if rung in PICTURES else "0:a:0", *coding]
    if rung in SINGLE:
        return [*begin, *tracks, "-movflags", "+faststart", "-f", "mp4", str(folder / SINGLE[rung])]
    return [*begin, *tracks, *_pieces(rung, folder)]


def _picture(picture: Picture) -> list[str]:
    """Never larger than the source; the shorter side counts, since phones film upright too."""
    lines = picture.lines
    across = f"'if(gte(iw,ih),-2,trunc(min({lines},iw)/2)*2)'"
    down = f"'if(gte(iw,ih),trunc(min({lines},ih)/2)*2,-2)'"
    rate = ["-maxrate", f"{picture.kbps}k", "-bufsize", f"{2 * picture.kbps}k"]
    return [
        *("-map", "0:V:0", "-vf", f"scale=w={across}:h={down},setsar=1,format=yuv420p"),
        *("-fpsmax", str(picture.frames), "-filter_threads", "1"),
        *("-c:v", "libx264", "-preset", "faster", "-profile:v", picture.profile, "-level", picture.level),
        *("-crf", str(QUALITY), *rate, "-force_key_frames", KEYFRAMES, "-g", "100000", "-sc_threshold", "0"),
        *("-threads", str(settings.FFMPEG_THREADS)),
    ]


def _pieces(rung: Rung, folder: Path) -> list[str]:
    """A playlist and its pieces; with a picture the keyframes cut, without one the clock does."""
    seconds = FIRST_PIECE_SECONDS if rung in PICTURES else PIECE_SECONDS
    return [
        *("-f", "hls", "-hls_time", str(seconds), "-hls_playlist_type", "vod"),
        *("-hls_segment_options", RARE_TABLES),
        *("-hls_segment_filename", str(folder / "%05d.ts"), str(folder / PLAYLIST)),
    ]


def _strip(length_ms: int) -> list[str]:
    """Every so many seconds a small picture, all of them in one; only keyframes are decoded."""
    strip = strip_of(max(1, length_ms // 1000))
    box = f"{THUMB_WIDTH}:{THUMB_HEIGHT}"
    shaping = f"scale={box}:force_original_aspect_ratio=decrease,pad={box}:(ow-iw)/2:(oh-ih)/2,setsar=1"
    tiles = f"fps=1/{strip.every_seconds}:round=up,{shaping},tile={strip.columns}x{strip.rows}"
    return [
        "-map",
        "0:V:0",
        "-an",
        "-vf",
        tiles,
        "-frames:v",
        "1",
        "-c:v",
        "mjpeg",
        "-q:v",
        "6",
        "-f",
        "image2",
    ]
