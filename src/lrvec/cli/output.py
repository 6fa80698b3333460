"""What the commands share: refusals of flags, and files."""

from __future__ import annotations

import contextlib
import errno
import os
import re

from .. import _checks

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

UNFINISHED = re.compile(r"\.lrvec-[0-9a-f]{16}\.tmp")
"""Names of files that are being written."""


class RefusedError(Exception):
    """A message for the user: what a flag must be, and what was received."""


@contextlib.contextmanager
def naming(flags: Mapping[str, str]) -> Iterator[None]:
    """Refusals of parameters become refusals of flags."""

    def named(word: re.Match[str]) -> str:
        return flags.get(word[0]) or flags.get(f"{word[0]}s") or word[0]  # of `milestones` a check names one

    try:
        yield
    except (TypeError, ValueError) as error:
        raise RefusedError(re.sub(r"\w+", named, str(error))) from None


def npy_header(shape: tuple[int, ...]) -> bytes:
    import io

    import numpy
    from numpy.lib import format as npy

    header = io.BytesIO()
    description = {"descr": npy.dtype_to_descr(numpy.dtype(float)), "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(header, description)
    return header.getvalue()


def checked_output(path: str, suffixes: tuple[str, ...], force: bool) -> str:
    """The suffix."""
    with naming({}):
        return _checks.output_file("--out", path, suffixes, force)


def save(path: str, pieces: Iterable[bytes], force: bool) -> None:
    """Writes a file that is on the disk when this returns. Without `force` it is a new one, also where another has
    come to its place since that was checked."""
    try:
        _write_at_once(path, pieces, force)
    except (OSError, ValueError) as error:  # a name may hold what no file's name can
        reason = getattr(error, "strerror", None) or error
        raise RefusedError(f"--out must be a file that can be written, received {path!r}: {reason}") from None


def _write_at_once(path: str, pieces: Iterable[bytes], force: bool) -> None:
    """Under another name first, in the same directory: at `path` the whole file appears, or nothing changes."""
    place = os.path.realpath(path)
    directory = os.path.dirname(place)
    _remove_left_over(directory)
    with _unfinished(directory) as name:
        with open(name, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        if force:
            os.replace(name, place)
        else:
            try:
                _name_anew(name, place)
            except FileExistsError:
                with naming({}):
                    _checks.refuse_existing("--out", path)
    _sync(directory)


@contextlib.contextmanager
def _unfinished(directory: str) -> Iterator[str]:
    """The name of a new file, which is gone at the end. Its lock says that this process lives."""
    while True:
        name = os.path.join(directory, f".lrvec-{os.urandom(8).hex()}.tmp")
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            if not fcntl:
                os.close(descriptor)  # elsewhere nobody can rename a file that is open
            else:
                with contextlib.suppress(OSError):  # a file system without locks, where nobody removes what is left
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
    """Removes what runs that were killed have left in a directory: unfinished files that nobody locks."""
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
    """Gives the file a name that no other file has. Of several processes that try, one succeeds."""
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
    """Has the disk keep the names of a directory, where it can be opened."""
    try:
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # which says that there is nothing to be done
            raise
    finally:
        os.close(descriptor)
