"""These tests are about `out=` in a map of a file: room on the disk is taken first, and no other file is touched."""

from __future__ import annotations

import errno
import mmap
import os
import sys
from collections.abc import Callable
from multiprocessing import shared_memory
from pathlib import Path
from typing import Any

import numpy
import pytest
from processes import python

import lrvec
from lrvec._evaluate import maps as _maps
from lrvec._evaluate import sizes

FALL = lrvec.linear(base_lr=1.0, end_lr=0.0, total_steps=999)
VALUES = FALL(range(1000)).tolist()

ARRAYS: dict[str, Callable[[numpy.memmap[Any, Any]], Any]] = {
    "memmap": lambda out: out,
    "asarray": numpy.asarray,
    "slice of asarray": lambda out: numpy.asarray(out)[::-1][::-1],
    "frombuffer": lambda out: numpy.frombuffer(out._mmap, float, 1000, 5000 % mmap.ALLOCATIONGRANULARITY),
    "memoryview": lambda out: numpy.asarray(memoryview(out)),
}
"""Arrays in the memory of a memmap."""


@pytest.fixture(params=[0, 1 << 30], ids=["large", "small"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every array counts as large, or as small."""
    monkeypatch.setattr(sizes, "LARGE_MAP", request.param)


def mapped(path: Path, mode: Any = "w+") -> numpy.memmap[Any, Any]:
    return numpy.memmap(path, float, mode, 5000, (1000,))


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize("array", ARRAYS)
@pytest.mark.parametrize("other", [b"kept!", b"", bytes(13_000), None])
@pytest.mark.parametrize("how", ["renamed", "removed"])
def test_no_other_file_is_touched(how: str, other: bytes | None, array: str, tmp_path: Path) -> None:
    """The one that took the name of the map's file, that is; or there is none."""
    path = tmp_path / "matrix"
    out = mapped(path)
    path.rename(tmp_path / "renamed") if how == "renamed" else path.unlink()
    if other is not None:
        path.write_bytes(other)
        before = path.stat()
    FALL(range(1000), out=ARRAYS[array](out))
    assert out.tolist() == VALUES
    if other is not None:
        after = path.stat()
        assert path.read_bytes() == other
        assert (after.st_blocks, after.st_mtime_ns, after.st_ctime_ns) == (
            before.st_blocks,
            before.st_mtime_ns,
            before.st_ctime_ns,
        )
    if how == "renamed":
        assert mapped(tmp_path / "renamed", "r").tolist() == VALUES
    assert sorted(os.listdir(tmp_path)) == sorted(
        [*(["matrix"] if other is not None else []), *(["renamed"] if how == "renamed" else [])]
    )


@pytest.mark.usefixtures("size")
def test_a_map_that_was_seen_under_its_first_name(tmp_path: Path) -> None:
    out = mapped(tmp_path / "matrix")
    FALL(range(1000), out=out)
    (tmp_path / "matrix").rename(tmp_path / "renamed")
    (tmp_path / "matrix").write_bytes(b"kept!")
    FALL(range(999, -1, -1), out=out)
    assert (tmp_path / "matrix").read_bytes() == b"kept!"
    assert mapped(tmp_path / "renamed", "r").tolist() == VALUES[::-1]


@pytest.mark.usefixtures("size")
def test_maps_without_a_file_of_their_own(tmp_path: Path) -> None:
    mapped(tmp_path / "matrix").flush()
    private = mapped(tmp_path / "matrix", "c")
    anonymous = numpy.frombuffer(mmap.mmap(-1, 8000), float)
    for out in (private, anonymous):
        assert FALL(range(1000), out=out) is out
        assert out.tolist() == VALUES
    assert not mapped(tmp_path / "matrix", "r").any()
    shared = shared_memory.SharedMemory(create=True, size=8000)
    try:
        assert FALL(range(1000), out=numpy.ndarray(1000, buffer=shared.buf)).tolist() == VALUES
    finally:
        shared.close()
        shared.unlink()


# ---- no room ----

BEYOND_THE_FILE = """
import os, numpy, lrvec
from lrvec._evaluate import maps as _maps
from lrvec._evaluate import sizes
import test_maps
for large in (0, 1 << 30):
    sizes.LARGE_MAP = large
    for name, array in test_maps.ARRAYS.items():
        out = test_maps.mapped(PATH)
        os.truncate(PATH, 5)
        try:
            test_maps.FALL(range(1000), out=array(out))
        except OSError as error:
            print(error, os.stat(PATH).st_size)
        os.unlink(PATH)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone can tell")
def test_what_a_write_would_end_the_process_for_is_refused(tmp_path: Path) -> None:
    """A file that is shorter than its map has no room for it, as one on a full disk."""
    code = f"PATH = {str(tmp_path / 'matrix')!r}\n{BEYOND_THE_FILE}"
    message = f"[Errno {errno.ENOSPC}] out must have room on its disk, received a map of a file that has none"
    assert python(code, PYTHONPATH=os.pathsep.join(sys.path)) == f"{message} 5\n" * (2 * len(ARRAYS))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    """What a full disk was asked for: a file's number, and a part of it."""
    found = []

    def full(file: int, start: int, size: int) -> None:
        found.append((os.fstat(file).st_ino, start, size))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    return found


@pytest.fixture(params=["large", "no pages"])
def asks_the_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """An array counts as large, or the system cannot prepare pages."""
    if request.param == "large":
        monkeypatch.setattr(sizes, "LARGE_MAP", 0)
    else:
        monkeypatch.setattr(_maps, "POPULATE_WRITE", 9999)


@pytest.mark.usefixtures("asks_the_disk")
@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone can tell")
def test_a_full_disk_is_found_before_anything_is_written(tmp_path: Path, asked: list[tuple[int, int, int]]) -> None:
    sweep = lrvec.constant(lr=numpy.ones(10))
    out = numpy.memmap(tmp_path / "first", numpy.float64, "w+", 5000, (10, 8))
    number = (tmp_path / "first").stat().st_ino
    wanted = []
    for name in ("first", "second"):
        (tmp_path / "first").rename(tmp_path / name)
        for array in (out, numpy.asarray(out)):
            for part, rows in ((array, sweep), (array[3:5], sweep[:2]), (array[8], sweep[0])):
                with pytest.raises(OSError, match="out must") as raised:
                    rows(range(8), out=part)
                assert raised.value.errno == errno.ENOSPC
                path = str(tmp_path / name)
                rule = "out must have room on its disk, received a map of "
                assert raised.value.strerror == f"{rule}{path!r}: No space left on device"
            wanted += [(number, 5000, 640), (number, 5000 + 3 * 64, 128), (number, 5000 + 8 * 64, 64)]
    assert asked == wanted
    assert not out.any()


@pytest.mark.usefixtures("asks_the_disk")
def test_a_file_system_that_cannot_set_room_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: int) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "posix_fallocate", fail)
    assert FALL(range(1000), out=mapped(tmp_path / "matrix")).tolist() == VALUES
