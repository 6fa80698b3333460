"""The commands share these functions, which refuse flags and write files."""

from __future__ import annotations

import contextlib
import errno
import os
import re

from .._checks import fronts as checked

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

UNFINISHED = re.compile(r"\.lrvec-[0-9a-f]{16}\.tmp")
"""Files that are being written have such names."""


class RefusedError(Exception):
    """This error has a message for the user: what a flag must be, and what was received."""


@contextlib.contextmanager
def naming(flags: Mapping[str, str]) -> Iterator[None]:
    """Turns refusals of parameters into refusals of flags: `flags` has the flag of each parameter."""

    def named(word: re.Match[str]) -> str:
        return flags.get(word[0]) or flags.get(f"{word[0]}s") or word[0]  # a check may name one `milestone`

    try:
        yield
    except (TypeError, ValueError) as error:
        raise RefusedError(re.sub(r"\w+", named, str(error))) from None


def npy_header(shape: tuple[int, ...]) -> bytes:
    """Returns what stands in front of the values in an .npy file of float64."""
    import io

    import numpy
    from numpy.lib import format as npy

    header = io.BytesIO()
    description = {"descr": npy.dtype_to_descr(numpy.dtype(float)), "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(header, description)
    return header.getvalue()


def checked_output(path: str, suffixes: tuple[str, ...], force: bool, flag: str = "--out") -> str:
    """Checks that the file of a flag can be written, and returns its suffix."""
    with naming({}):
        return checked.output_file(flag, path, suffixes, force)


def save(path: str, parts: Iterable[bytes], force: bool, flag: str = "--out") -> None:
    """Writes a file, which is on the disk when this returns. Without `force` no other file is replaced, not even one
    that has come to its place since `checked_output` looked."""
    try:
        _write_at_once(path, parts, force, flag)
    except (OSError, ValueError) as error:  # ValueError: the path has a character that no file name may have
        reason = getattr(error, "strerror", None) or error
        raise RefusedError(f"{flag} must be a file that can be written, received {path!r}: {reason}") from None


def _write_at_once(path: str, parts: Iterable[bytes], force: bool, flag: str) -> None:
    """Writes a file under another name in the same directory, then renames it: at `path` the whole file appears, or
    nothing changes."""
    place = os.path.realpath(path)
    directory = os.path.dirname(place)
    _remove_left_over(directory)
    with _unfinished(directory) as name:
        with open(name, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        if force:
            os.replace(name, place)
        else:
            try:
                _name_anew(name, place)
            except FileExistsError:
                with naming({}):
                    checked.refuse_existing(flag, path)
    _sync(directory)


@contextlib.contextmanager
def _unfinished(directory: str) -> Iterator[str]:
    """Gives the name of a new file, and removes that name at the end. A lock on the file shows that this process
    lives."""
    while True:
        name = os.path.join(directory, f".lrvec-{os.urandom(8).hex()}.tmp")
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            if not fcntl:
                os.close(descriptor)  # Windows cannot rename an open file
            else:
                with contextlib.suppress(OSError):  # a file system without locks; nobody then removes the file either
                    fcntl.flock(descriptor, fcntl.LOCK_EX)
                if not os.fstat(descriptor).st_nlink:  # another run has removed it just before it was locked
                    continue
            yield name
            return
        finally:
            with contextlib.suppress(OSError):
                os.unlink(name)
            if fcntl:
                os.close(descriptor)


def _remove_left_over(directory: str) -> None:
    """Removes unfinished files that nobody locks from a directory: the runs that wrote them were killed."""
    if not fcntl:
        return
    with contextlib.suppress(OSError):
        for name in filter(UNFINISHED.fullmatch, os.listdir(directory)):
            with contextlib.suppress(OSError):
                _remove_unless_locked(os.path.join(directory, name))


def _remove_unless_locked(path: str) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(path)
    finally:
        os.close(descriptor)


def _name_anew(name: str, place: str) -> None:
    """Renames a file, unless its new name is taken. Of several processes that try this, one succeeds."""
    try:
        os.link(name, place)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        try:
            os.replace(name, place)
        except BaseException:
            os.unlink(place)
            raise


def _sync(directory: str) -> None:
    """Makes the disk keep the names of a directory, if the directory can be opened."""
    try:
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # EINVAL: this file system has nothing to do here
            raise
    finally:
        os.close(descriptor)
