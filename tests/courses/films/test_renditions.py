"""A film becomes rungs: asked for once, made by jobs, taken up again, failed in words, gone with the film."""

import errno
import os
import select
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as configured
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from courses.films import engine, making, shelf
from courses.films.actions import (
    Superseded,
    add_film,
    forget_files,
    make_rendition,
    run_again,
    start_renditions,
    sweep_shelf,
)
from courses.films.models import Film, Rendition, RenditionStatus, Trouble
from courses.films.probe import probe
from courses.films.rungs import LADDER, Rung
from lms.jobs import actions as jobs
from lms.jobs.models import Job, JobStatus
from lms.jobs.registry import GiveUp
from lms.jobs.runner import run
from tests.courses.conftest import FILM, RECORDING
from tests.factories import FilmFactory

AT = datetime(2026, 6, 1, 4, tzinfo=UTC)
SMALL = [Rung.HLS_240, Rung.MP4_240, Rung.HLS_AUDIO, Rung.M4A, Rung.STRIP]
pytestmark = pytest.mark.django_db


def stored(path: Path = FILM, kind: str = "video") -> Film:
    """A real film in the library, its rungs asked for."""
    folder = Path(configured.MEDIA_ROOT) / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder / path.name)
    return add_film(title="转移避险", kind=kind, name=f"demo/{path.name}", poster_name="demo/p.jpg", at=AT)


def row(film: Film, rung: Rung = Rung.HLS_240) -> Rendition:
    return film.renditions.select_related("job").get(rung=rung)


def made(film: Film, rung: Rung = Rung.HLS_240) -> Rendition:
    make_rendition(rendition_id=row(film, rung).pk, report=lambda done, total: None)
    return row(film, rung)


def files(rendition: Rendition) -> list[str]:
    return sorted(path.name for path in (Path(configured.MEDIA_ROOT) / rendition.folder).iterdir())


def workshop() -> list[Path]:
    return list((Path(configured.VAR_DIR) / "films").iterdir())


def test_a_new_film_asks_for_its_rungs_the_most_useful_first() -> None:
    film = stored()
    rows = list(film.renditions.shown())
    assert [found.rung for found in rows] == SMALL  # 240 lines are not made larger
    assert {found.status for found in rows} == {RenditionStatus.WAITING}
    starts = [found.job.next_at for found in rows]
    assert starts == sorted(set(starts))
    assert starts[0] == AT


def test_a_recording_becomes_sound_only() -> None:
    film = stored(RECORDING, "audio")
    assert [found.rung for found in film.renditions.shown()] == [Rung.HLS_AUDIO, Rung.M4A]


@pytest.mark.parametrize(
    ("lines", "wants_720", "ladder"),
    [
        (240, True, ["hls240"]),
        (359, False, ["hls240"]),
        (360, False, ["hls240", "hls480"]),
        (1080, False, ["hls240", "hls480"]),
        (719, True, ["hls240", "hls480"]),
        (720, True, ["hls240", "hls480", "hls720"]),
    ],
)
def test_rungs_go_no_higher_than_the_source(lines: int, wants_720: bool, ladder: list[str]) -> None:
    film = FilmFactory.build(width=lines, height=lines * 2, wants_720=wants_720, collection=None)
    assert [rung for rung in LADDER if rung in film.wanted] == ladder


def test_a_silent_film_has_no_rung_of_sound() -> None:
    film = FilmFactory.build(has_sound=False, width=426, height=240, collection=None)
    assert film.wanted == [Rung.HLS_240, Rung.MP4_240, Rung.STRIP]


def test_asking_twice_is_asking_once() -> None:
    film = stored()
    before = {found.rung: found.job_id for found in film.renditions.all()}
    assert start_renditions(film=film, at=AT) == 0
    assert {found.rung: found.job_id for found in film.renditions.all()} == before
    assert Job.objects.count() == len(SMALL)


def test_pieces_begin_with_a_short_one_and_end_with_the_film() -> None:
    film = stored()
    found = made(film)
    assert (found.status, found.width, found.height) == (RenditionStatus.DONE, 426, 240)
    assert files(found) == ["00000.ts", "00001.ts", "00002.ts", "00003.ts", "index.m3u8"]
    folder = Path(configured.MEDIA_ROOT) / found.folder
    playlist = (folder / "index.m3u8").read_text().splitlines()
    lengths = [float(line[8:].rstrip(",")) for line in playlist if line.startswith("#EXTINF:")]
    assert lengths == pytest.approx([2, 6, 6, 6], abs=0.3)
    assert playlist[-1] == "#EXT-X-ENDLIST"
    assert found.size_bytes == sum(path.stat().st_size for path in folder.iterdir())
    heaviest = max(
        path.stat().st_size * 8 / (2 if path.stem == "00000" else 6) for path in folder.glob("*.ts")
    )
    assert found.bandwidth == pytest.approx(heaviest, rel=0.1)
    assert workshop() == []


def test_the_file_to_keep_is_a_whole_film_that_begins_before_it_is_loaded() -> None:
    found = made(stored(), Rung.MP4_240)
    path = Path(configured.MEDIA_ROOT) / found.folder / "film.mp4"
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    read = probe(path)
    assert (read.video, read.audio, read.height) == ("h264", "aac", 240)
    assert read.length_ms == pytest.approx(20_000, abs=300)


@pytest.mark.parametrize(("rung", "name"), [(Rung.M4A, "sound.m4a"), (Rung.HLS_AUDIO, "index.m3u8")])
def test_sound_alone_is_small(rung: Rung, name: str) -> None:
    found = made(stored(RECORDING, "audio"), rung)
    assert found.status == RenditionStatus.DONE
    assert name in files(found)
    assert found.size_bytes * 8 / 42 < 60_000


def test_the_strip_is_one_picture_of_all_thumbnails() -> None:
    found = made(stored(), Rung.STRIP)
    assert files(found) == ["strip.jpg"]
    with Image.open(Path(configured.MEDIA_ROOT) / found.folder / "strip.jpg") as strip:
        assert strip.size == (found.width, found.height) == (4 * 160, 90)


def test_the_job_makes_its_rung_and_says_how_far_it_is() -> None:
    film = stored()
    assert run(row(film).job_id, now=lambda: AT)
    found = row(film)
    assert found.job is not None
    assert (found.status, found.percent) == (RenditionStatus.DONE, 100)
    assert (found.job.status, found.job.total) == (JobStatus.DONE, 20_000)
    assert film.sizes[0][0] == "240"


def test_made_again_it_stays_as_it_is() -> None:
    film = stored()
    first = made(film)
    again = made(film)
    assert (again.run, files(again)) == (first.run, files(first))


def test_a_rung_of_a_film_that_is_gone_is_no_error() -> None:
    make_rendition(rendition_id=999, report=lambda done, total: None)


def fake_ffmpeg(tmp_path: Path, settings: Settings, script: str) -> None:
    """An ffmpeg that behaves as told."""
    program = tmp_path / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    settings.FFMPEG = str(program)


@pytest.mark.parametrize(
    ("script", "trouble"),
    [
        ("kill -9 $$", Trouble.KILLED),
        ("exit 255", Trouble.KILLED),
        ("echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 228", Trouble.NO_ROOM),
        ("echo 'Error allocating: Cannot allocate memory' >&2; exit 1", Trouble.KILLED),
    ],
)
def test_what_may_pass_is_tried_again_and_told_in_words(
    tmp_path: Path, settings: Settings, script: str, trouble: Trouble
) -> None:
    film = stored()
    fake_ffmpeg(tmp_path, settings, script)
    assert run(row(film).job_id, now=lambda: AT)
    found = row(film)
    assert found.job is not None
    assert (found.status, found.trouble, found.job.status) == ("FAILED", trouble, JobStatus.QUEUED)
    assert found.is_being_made
    assert not found.has_failed
    assert found.why == trouble.label
    assert workshop() == []
    settings.FFMPEG = ""
    assert run(found.job.pk, now=lambda: found.job.next_at)  # type: ignore[union-attr]  # told above
    assert row(film).status == RenditionStatus.DONE
    assert row(film).trouble == ""


def test_after_every_attempt_it_has_failed_and_one_press_begins_anew(
    tmp_path: Path, settings: Settings
) -> None:
    film = stored()
    fake_ffmpeg(tmp_path, settings, "kill -9 $$")
    first = row(film).job_id
    for _ in range(jobs.MAX_ATTEMPTS):
        assert run(first, now=lambda: row(film).job.next_at)  # type: ignore[union-attr]  # it has one
    assert row(film).has_failed
    assert film.sizes == []
    settings.FFMPEG = ""
    assert run_again(rendition=row(film), at=AT)
    assert not run_again(rendition=row(film), at=AT)  # twice is once
    assert row(film).job_id != first
    assert run(row(film).job_id, now=lambda: AT)
    assert row(film).status == RenditionStatus.DONE


def test_a_broken_file_fails_at_once_and_the_others_go_on(tmp_path: Path, settings: Settings) -> None:
    film = stored()
    fake_ffmpeg(tmp_path, settings, "echo 'Invalid data found' >&2; exit 1")
    assert run(row(film).job_id, now=lambda: AT)
    found = row(film)
    assert found.job is not None
    assert (found.trouble, found.job.status, found.has_failed) == (Trouble.BROKEN, JobStatus.FAILED, True)
    assert found.job.words
    settings.FFMPEG = ""
    assert made(film, Rung.M4A).status == RenditionStatus.DONE


def test_a_conversion_that_ends_too_early_is_not_offered(tmp_path: Path, settings: Settings) -> None:
    film = stored()
    fake_ffmpeg(tmp_path, settings, "echo out_time_us=9000000; exit 0")
    with pytest.raises(GiveUp):
        made(film)
    assert row(film).trouble == Trouble.BROKEN


def test_a_conversion_that_stands_still_is_ended(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LISTEN_SECONDS", 0.01)
    monkeypatch.setattr(engine, "STALL_SECONDS", 0.02)
    monkeypatch.setattr(making, "has_small_sound", lambda path, kbps: False)
    film = stored()
    fake_ffmpeg(tmp_path, settings, "exec sleep 60")
    with pytest.raises(engine.Failed):
        made(film)
    assert row(film).trouble == Trouble.STALLED


def test_an_output_without_end_is_cut_off(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST_FILE_BYTES", 20_000)
    film = stored()
    with pytest.raises(engine.Failed):
        made(film, Rung.MP4_240)
    assert row(film, Rung.MP4_240).trouble == Trouble.NO_ROOM


def test_a_disk_without_room_is_told_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    film = stored()
    monkeypatch.setattr(making.shutil, "disk_usage", lambda path: SimpleNamespace(free=making.RESERVE_BYTES))
    with pytest.raises(engine.Failed):
        made(film)
    assert row(film).trouble == Trouble.NO_ROOM


def test_a_shelf_that_is_full_leaves_nothing_half(monkeypatch: pytest.MonkeyPatch) -> None:
    film = stored()
    save = default_storage.save

    def full(name: str, content: object, **more: object) -> str:
        if name.endswith("00002.ts"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return str(save(name, content, **more))

    monkeypatch.setattr(default_storage, "save", full, raising=False)
    with pytest.raises(engine.Failed):
        made(film)
    assert row(film).trouble == Trouble.NO_ROOM
    assert not (Path(configured.MEDIA_ROOT) / row(film).folder).exists()


def test_an_upload_that_is_gone_is_told() -> None:
    film = stored()
    (Path(configured.MEDIA_ROOT) / film.file.name).unlink()
    with pytest.raises(GiveUp):
        made(film)
    assert row(film).trouble == Trouble.MISSING


def test_an_error_nobody_thought_of_is_noted_and_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    film = stored()
    monkeypatch.setattr(making, "follow", lambda *given, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        made(film)
    assert row(film).trouble == Trouble.OTHER


def test_a_worker_that_dies_leaves_a_rung_that_is_begun_anew() -> None:
    film = stored()
    rendition = row(film)
    Rendition.objects.filter(pk=rendition.pk).update(status=RenditionStatus.RUNNING, run=1)
    left = Path(configured.MEDIA_ROOT) / f"renditions/{film.pk}/hls240/1"
    left.mkdir(parents=True)
    (left / "00000.ts").write_bytes(b"half")
    bench = Path(configured.VAR_DIR) / "films" / f"{rendition.pk}-1"
    bench.mkdir(parents=True)
    found = made(film)
    assert (found.status, found.run) == (RenditionStatus.DONE, 2)
    assert not left.exists()
    assert workshop() == []


def test_a_worker_that_dies_every_time_has_failed() -> None:
    film = stored()
    Rendition.objects.filter(pk=row(film).pk).update(status=RenditionStatus.RUNNING)
    Job.objects.filter(pk=row(film).job_id).update(status=JobStatus.FAILED)
    assert row(film).has_failed
    assert row(film).why == Trouble.KILLED.label
    assert run_again(rendition=row(film), at=AT)


def test_a_job_given_to_another_worker_writes_nothing_more() -> None:
    film = stored()

    def lost(done: int, total: int) -> None:
        raise jobs.LeaseLost

    with pytest.raises(jobs.LeaseLost):
        make_rendition(rendition_id=row(film).pk, report=lost)
    assert row(film).status == RenditionStatus.RUNNING
    assert not (Path(configured.MEDIA_ROOT) / row(film).folder).exists()


def test_a_file_replaced_in_the_middle_is_made_from_the_new_one() -> None:
    film = stored()

    def replace(done: int, total: int) -> None:
        if done == total:
            Film.objects.filter(pk=film.pk).update(digest="f" * 64)
            film.refresh_from_db()
            start_renditions(film=film, at=AT)

    with pytest.raises(Superseded):
        make_rendition(rendition_id=row(film).pk, report=replace)
    assert row(film).status == RenditionStatus.WAITING
    assert not (Path(configured.MEDIA_ROOT) / row(film).folder).exists()
    assert made(film).digest == "f" * 64


def test_another_file_begins_every_rung_anew() -> None:
    film = stored()
    made(film)
    film.digest = "f" * 64
    film.save()
    assert start_renditions(film=film, at=AT) == len(SMALL)
    assert film.sizes == []


def test_a_rung_that_is_not_wanted_any_more_goes_with_its_files(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    film = stored()
    folder = Path(configured.MEDIA_ROOT) / made(film, Rung.M4A).folder
    film.has_sound = False
    film.save()
    with django_capture_on_commit_callbacks(execute=True):
        start_renditions(film=film, at=AT)
    assert not folder.exists()
    assert not film.renditions.filter(rung=Rung.M4A).exists()


def test_files_of_a_deleted_film_go_after_the_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    film = stored()
    folder = Path(configured.MEDIA_ROOT) / made(film, Rung.M4A).folder
    number = film.pk
    with django_capture_on_commit_callbacks(execute=True):
        film.delete()
        forget_files(film_id=number)
        assert folder.exists()
    assert not folder.parent.parent.exists()


def test_the_sweep_takes_only_what_belongs_to_nobody() -> None:
    film = stored()
    kept = Path(configured.MEDIA_ROOT) / made(film, Rung.M4A).folder
    lost = Path(configured.MEDIA_ROOT) / "renditions" / "999999" / "m4a" / "1"
    lost.mkdir(parents=True)
    assert sweep_shelf() == 1
    assert kept.exists()
    assert not lost.exists()
    assert sweep_shelf() == 0


def test_only_the_shelf_can_be_cleared() -> None:
    for folder in ("media", "", "renditions-of-mine", "/etc"):
        with pytest.raises(ValueError, match=f"^{folder}$"):
            shelf.clear(folder)


def test_ffmpeg_does_not_outlive_its_worker(tmp_path: Path) -> None:
    """The leash ties it: a worker killed with -9 leaves no conversion behind."""
    begun = tmp_path / "begun"
    leashed = ["-I", "-S", str(engine.LEASH)]
    bounded = ["1000", "--", "/bin/sh", "-c", f"echo $$ > {begun}; exec sleep 60"]
    program = (
        "import os, subprocess, sys\n"
        f"subprocess.call([sys.executable, *{leashed!r}, str(os.getpid()), *{bounded!r}])"
    )
    worker = subprocess.Popen([sys.executable, "-c", program])
    try:
        while not begun.exists() or not begun.read_text().strip():
            assert worker.poll() is None
        conversion = os.pidfd_open(int(begun.read_text()))
        worker.kill()
        ended, _, _ = select.select([conversion], [], [], 10)
        assert ended == [conversion]
    finally:
        worker.kill()
        worker.wait()


def test_one_rung_of_a_kind_done_with_bytes_failed_with_a_reason() -> None:
    film = FilmFactory()
    for fields in (
        {"status": RenditionStatus.DONE, "size_bytes": 0},
        {"status": RenditionStatus.FAILED, "trouble": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rendition.objects.create(film=film, rung=Rung.M4A, digest="", **fields)
    Rendition.objects.create(film=film, rung=Rung.M4A, digest="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Rendition.objects.create(film=film, rung=Rung.M4A, digest="")
