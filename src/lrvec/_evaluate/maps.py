"""These functions take room on the disk for an array whose memory is a file's, before anything is written to it.

Where the disk is full, a write by way of memory would end the process. So a disk that is full is an OSError here.
"""

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
"""Linux calls this MADV_POPULATE_WRITE: it prepares pages for being written, and fails where a write would be fatal."""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""These errors say that a disk, a quota or a limit leaves no room."""


class _File(NamedTuple):
    """A file that a map writes to has a name, a device with a number, and an offset, at which the map starts."""

    path: bytes
    number: tuple[int, int]
    offset: int


_files: WeakKeyDictionary[mmap.mmap, _File] = WeakKeyDictionary()
"""These files were found behind maps. While a map lives, the number stays its file's; another file may get the name."""


def reserve(out: NDArray[Any]) -> None:
    """Makes the disk set aside what an array takes, if a file is behind it."""
    mapping = _mapping(out)
    if mapping is None or not out.size:
        return
    low, high = getattr(numpy.lib, "array_utils", numpy).byte_bounds(out)  # numpy 1 has the function itself
    address = numpy.frombuffer(mapping, numpy.uint8).__array_interface__["data"][0]
    start, stop = low - address, high - address
    if start < 0 or stop > len(mapping):
        return
    if stop - start < sizes.LARGE_MAP:
        _take_pages(mapping, start, stop) or _take_disk(mapping, address, start, stop)
    else:
        _take_disk(mapping, address, start, stop) or _take_pages(mapping, start, stop)


def _mapping(out: NDArray[Any]) -> mmap.mmap | None:
    """Returns the map that the array's memory belongs to, or None."""
    base: Any = out
    while isinstance(base, (numpy.ndarray, memoryview)):
        base = base.obj if isinstance(base, memoryview) else base.base
    return base if isinstance(base, mmap.mmap) else None


def _take_pages(mapping: mmap.mmap, start: int, stop: int) -> bool:
    """Takes pages of a map, and tells whether the system can. It knows the map's file even if the file's name has
    changed."""
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
    """Takes room in a map's file. Tells whether the file is found, reaches as far as the array, and can give room."""
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
    """Returns a descriptor of this very file; or None, if its name no longer leads there."""
    if not _is(file.path, file):  # another file, which may be a device or a pipe, is not even opened
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
    """Returns the file that writes to an address change, as Linux tells it; or None."""
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
