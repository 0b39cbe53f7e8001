"""The bounded child: whatever a decoder does, one picture fails and the server goes on."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import media_samples as samples
import pytest

import majlis
from majlis.core.errors import BadInput, NotNow
from majlis.media.bounded import ChildPool, Limits
from majlis.media.transform import ATTACHMENT, ProcessedImage, process_image

TIGHT = Limits(memory_bytes=400_000_000, cpu_seconds=1, wall_seconds=2, output_bytes=3_000_000)


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    made = ChildPool(size=1, patience=20)
    yield made
    made.close()


def process(pool: ChildPool, drill: str | None = None, limits: Limits | None = None) -> ProcessedImage:
    data = samples.encode(samples.quarters(), "JPEG")
    return process_image(
        source=data, preset=ATTACHMENT, max_bytes=10_000_000, pool=pool, drill=drill, limits=limits
    )


def refused(pool: ChildPool, drill: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        process(pool, drill, TIGHT)
    assert process(pool).width == 96, "the next picture must not notice"
    return caught.value


def test_a_decoder_that_sleeps_is_killed_by_the_clock(pool: ChildPool) -> None:
    start = time.monotonic()
    assert refused(pool, "hang").code == "media_heavy"
    assert 1.5 < time.monotonic() - start < 8


def test_a_decoder_that_spins_is_killed_by_its_cpu_seconds(pool: ChildPool) -> None:
    assert refused(pool, "spin").code == "media_heavy"


def test_a_decoder_that_hoards_memory_is_stopped_and_the_server_does_not_grow(pool: ChildPool) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(pool, "hoard").code == "media_heavy"
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 50_000_000


def test_a_decoder_that_floods_its_output_is_stopped(pool: ChildPool) -> None:
    error = refused(pool, "flood")
    assert error.code == "media_damaged"
    assert "File too large" in (error.cause or "")


def test_cve_2026_8461_a_decoder_that_crashes_fails_one_picture(pool: ChildPool) -> None:
    error = refused(pool, "crash")
    assert error.code == "media_damaged"
    assert error.cause == "child ended with -11"


def test_gts_cd93a5b_the_child_can_open_no_file_no_socket_and_no_process(pool: ChildPool) -> None:
    """The drill tries each and ends with 99 at the first success; without one the picture is simply made."""
    assert process(pool, "escape").width == 96


def test_cve_2023_36460_nothing_is_left_in_the_folder_for_temporary_files(
    pool: ChildPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    process(pool)
    for drill in ("crash", "flood"):
        refused(pool, drill)
    assert list(tmp_path.iterdir()) == []


def test_diaspora_im2023_no_other_program_is_ever_started_for_a_picture() -> None:
    folder = Path(majlis.__file__).parent / "media"
    for source in folder.glob("*.py"):
        text = source.read_text().lower()
        assert "imagemagick" not in text
        # alone.py starts Python, to draw and set what is our own; nothing that was sent goes through it
        assert "subprocess" not in text or source.name in {"bounded.py", "alone.py"}, source.name


def test_a_child_that_was_killed_is_replaced(pool: ChildPool) -> None:
    process(pool)
    (child,) = pool._idle
    child.process.kill()
    child.process.wait()
    assert process(pool).width == 96
    (other,) = pool._idle
    assert other.process.pid != child.process.pid


def test_when_all_warm_children_ended_a_fresh_one_takes_the_picture() -> None:
    pool = ChildPool(size=2, patience=20)
    threads = [threading.Thread(target=refused, args=(pool, "spin")) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(pool._idle) == 2
    for child in pool._idle:
        child.process.kill()
        child.process.wait()
    assert process(pool).width == 96
    pool.close()


def test_the_child_is_warm(pool: ChildPool) -> None:
    process(pool)
    (first,) = pool._idle
    start = time.process_time()
    results = [process(pool) for _ in range(5)]
    assert pool._idle == [first]
    assert max(each.cpu_seconds for each in results) < 0.1, "importing the decoders alone takes that"
    assert time.process_time() - start < 1


def test_many_threads_share_few_children() -> None:
    pool = ChildPool(size=2, patience=60)
    widths: list[int] = []
    threads = [threading.Thread(target=lambda: widths.append(process(pool).width)) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    started = len(pool._idle)
    pool.close()
    assert widths == [96] * 12
    assert started <= 2


def test_when_all_places_are_taken_the_caller_is_told_to_come_back() -> None:
    pool = ChildPool(size=1, patience=0.2)
    long = threading.Thread(target=refused, args=(pool, "hang"))
    long.start()
    time.sleep(0.5)
    with pytest.raises(NotNow) as caught:
        process(pool)
    long.join()
    pool.close()
    assert caught.value.code == "media_busy"


def test_a_server_that_forks_gets_children_of_its_own(pool: ChildPool) -> None:
    code = (
        "import os, sys; from django.conf import settings; settings.configure()\n"
        "from majlis.media.transform import ATTACHMENT, process_image\n"
        "def work(): return process_image(source=open(sys.argv[1], 'rb').read(), preset=ATTACHMENT,"
        " max_bytes=9**9).width\n"
        "assert work() == 96\n"
        "pid = os.fork()\n"
        "good = work() == 96\n"
        "if pid == 0: os._exit(0 if good else 1)\n"
        "assert os.waitpid(pid, 0)[1] == 0 and work() == 96\n"
    )
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        file.write(samples.encode(samples.quarters(), "JPEG"))
        file.flush()
        subprocess.run([sys.executable, "-c", code, file.name], check=True, timeout=60)


def test_the_child_imports_neither_django_nor_the_rest_of_the_house() -> None:
    code = "import sys; sys.path.append(sys.argv[1]); import majlis.media.child; print(*sys.modules)"
    root = str(Path(majlis.__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, root], check=True, capture_output=True, text=True
    )
    names = done.stdout.split()
    ours = {name for name in names if name.startswith("majlis")}
    assert ours == {"majlis", "majlis.media", "majlis.media.child", "majlis.media.pixels"}
    assert {"PIL", "pi_heif", "blurhash_rs"} <= set(names)
    assert not {"django", "numpy", "ssl", "http", "urllib.request"} & set(names)


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT RUN: only root has anything to give up")
def test_started_by_root_the_child_is_nobody(pool: ChildPool) -> None:
    process(pool)
    (child,) = pool._idle
    status = Path(f"/proc/{child.process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("Uid:")]
    assert "0" not in line.split()[1:]


def test_nothing_runs_on_after_the_server_is_gone() -> None:
    code = (
        "from django.conf import settings; settings.configure()\n"
        "import os, sys; from majlis.media.bounded import _WarmChild\n"
        "print(_WarmChild().process.pid, flush=True); os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    child = Path(f"/proc/{int(done.stdout)}/stat")
    deadline = time.monotonic() + 10
    while child.exists() and ") Z" not in child.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not child.exists() or ") Z" in child.read_text()
