"""Room for arrays whose memory is a file's: had before they are written, or refused. Where the disk is full, a write by
way of memory ends the process."""

from __future__ import annotations

import errno
import mmap
import os
import stat
import sys
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy

from .. import _checks
from . import sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

POPULATE_WRITE = 23
"""What Linux calls MADV_POPULATE_WRITE: it prepares pages for being written, and fails where a write would be fatal."""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of a disk, a quota or a limit that leaves no room."""


class _File(NamedTuple):
    """The file that a map writes to: its name, its device and number, and where in it the map starts."""

    path: bytes
    number: tuple[int, int]
    offset: int


_files: WeakKeyDictionary[mmap.mmap, _File] = WeakKeyDictionary()
"""Files found behind maps. As long as a map lives the number stays its file's; the name may become another one's."""


def reserve(out: NDArray[Any]) -> None:
    """Has the disk set aside what the array takes, if a file is behind it."""
    mapping = _mapping(out)
    if mapping is None or not out.size:
        return
    low, high = getattr(numpy.lib, "array_utils", numpy).byte_bounds(out)  # numpy 1 has it itself
    address = numpy.frombuffer(mapping, numpy.uint8).__array_interface__["data"][0]
    start, stop = low - address, high - address
    if start < 0 or stop > len(mapping):
        return
    if stop - start < sizes.LARGE_MAP:
        _take_pages(mapping, start, stop) or _take_disk(mapping, address, start, stop)
    else:
        _take_disk(mapping, address, start, stop) or _take_pages(mapping, start, stop)


def _mapping(out: NDArray[Any]) -> mmap.mmap | None:
    """The map that the array's memory belongs to."""
    base: Any = out
    while isinstance(base, (numpy.ndarray, memoryview)):
        base = base.obj if isinstance(base, memoryview) else base.base
    return base if isinstance(base, mmap.mmap) else None


def _take_pages(mapping: mmap.mmap, start: int, stop: int) -> bool:
    """Whether the system can do so; it knows the map's own file, whatever has become of its name."""
    if sys.platform != "linux":
        return False
    start -= start % mmap.PAGESIZE
    try:
        for begin in range(start, stop, sizes.PAGES):
            mapping.madvise(POPULATE_WRITE, begin, min(sizes.PAGES, stop - begin))
    except OSError as error:
        if error.errno == errno.EFAULT:
            _checks.refuse_map(errno.ENOSPC, "a map of a file that has none")
        return False
    return True


def _take_disk(mapping: mmap.mmap, address: int, start: int, stop: int) -> bool:
    """Whether the map's file is found, reaches as far as the array, and can do so."""
    if not hasattr(os, "posix_fallocate"):
        return False
    file = _files.get(mapping)
    if file is None or not _is(file.path, file):
        file = _file_at(address)
    if file is None:
        return False
    _files[mapping] = file
    descriptor = _opened(file)
    if descriptor is None:
        return False
    try:
        if os.fstat(descriptor).st_size < file.offset + stop:
            return False
        os.posix_fallocate(descriptor, file.offset + start, stop - start)
    except OSError as error:
        if error.errno in FULL:
            _checks.refuse_map(error.errno, f"a map of {os.fsdecode(file.path)!r}: {error.strerror}")
        return False
    finally:
        os.close(descriptor)
    return True


def _opened(file: _File) -> int | None:
    """A descriptor of this very file, if its name still leads there."""
    if not _is(file.path, file):  # another one, which may be a device or a pipe, is not even opened
        return None
    try:
        descriptor = os.open(file.path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    if _is(descriptor, file):
        return descriptor
    os.close(descriptor)
    return None


def _is(there: bytes | int, file: _File) -> bool:
    try:
        found = os.stat(there)
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and (found.st_dev, found.st_ino) == file.number


def _file_at(address: int) -> _File | None:
    """The file that writes to an address change, as Linux tells."""
    try:
        with open("/proc/self/maps", "rb") as maps:
            lines = maps.readlines()
    except OSError:
        return None
    for line in lines:
        bounds, mode, offset, device, inode, *path = line.rstrip(b"\n").split(None, 5)
        low, high = (int(bound, 16) for bound in bounds.split(b"-"))
        if low <= address < high:
            if not path or not mode.endswith(b"s"):
                return None
            major, minor = (int(part, 16) for part in device.split(b":"))
            return _File(path[0], (os.makedev(major, minor), int(inode)), int(offset, 16) + address - low)
    return None
