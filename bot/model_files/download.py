"""Downloads one file: resumed where it was cut off, size and checksum checked before it counts."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx

from bot.model_files.manifest import ModelFilesError, RemoteFile

ATTEMPTS = 3  # a connection that drops is taken up again this often before we give up
TIMEOUT_S = 30.0  # without a byte

Report = Callable[[int, int | None], None]  # bytes done, bytes in all where known


def download(file: RemoteFile, target: Path, report: Report, client: httpx.Client | None = None) -> str:
    """Bring the file to `target`; the answer is its sha256.

    Until it is whole it lies beside `target` as `.part`, with the server's mark of its version as `.version`, so a
    later call goes on where this one stopped. Raises ModelFilesError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    own = client or httpx.Client(follow_redirects=True, timeout=TIMEOUT_S, headers={"Accept-Encoding": "identity"})
    try:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                _fetch(own, file, part, report)
                break
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.ReadTimeout) as error:
                if attempt == ATTEMPTS:
                    raise ModelFilesError(
                        f"{file.url}: the connection broke {ATTEMPTS} times ({error}); "
                        "run the same command again to go on from here"
                    ) from None
    except httpx.HTTPStatusError as error:
        raise ModelFilesError(f"{file.url}: the server answers {error.response.status_code}") from None
    except httpx.TransportError as error:
        raise ModelFilesError(
            f"no connection to {httpx.URL(file.url).host} ({error}); without network, download {file.url} on another "
            "machine, with the model's other files if it has any, and give their folder with --from"
        ) from None
    except OSError as error:
        raise ModelFilesError(f"{part}: {error.strerror}") from None
    finally:
        if client is None:
            own.close()
    try:
        checksum = check(part, file, file.url)
    except ModelFilesError:
        part.unlink()
        raise
    part.replace(target)
    _version_file(part).unlink(missing_ok=True)
    return checksum


def check(path: Path, file: RemoteFile, source: str) -> str:
    """The sha256 of `path`, which came from `source`. Raises ModelFilesError where it is not the promised one."""
    checksum = sha256(path)
    if file.sha256 is not None and checksum != file.sha256:
        raise ModelFilesError(
            f"{source}: the checksum is {checksum}, the manifest says {file.sha256}; it is not the file that was "
            "vouched for, and is not used"
        )
    return checksum


def sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _fetch(client: httpx.Client, file: RemoteFile, part: Path, report: Report) -> None:
    """One request: the rest of the file where the server has the same version still, else all of it."""
    version = _version_file(part)
    have = part.stat().st_size if part.exists() and version.exists() else 0
    headers = {"Range": f"bytes={have}-", "If-Range": version.read_text()} if have else {}
    with client.stream("GET", file.url, headers=headers) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            # We hold as much as there is, or the file has become shorter: the checks that follow tell which.
            if response.headers.get("Content-Range") == f"bytes */{have}":
                return
            part.unlink()
            raise httpx.RemoteProtocolError("the file on the server has changed")
        response.raise_for_status()
        resumed = response.status_code == httpx.codes.PARTIAL_CONTENT
        done = have if resumed else 0
        length = response.headers.get("Content-Length")
        total = done + int(length) if length else file.size
        _check_size(file, total)
        _check_space(part, total, done)
        _remember_version(response, version)
        with part.open("ab" if resumed else "wb") as output:
            for chunk in response.iter_raw():  # as it comes: a fixed chunk size would lose its last part at a break
                output.write(chunk)
                done += len(chunk)
                if file.size is not None and done > file.size:
                    _check_size(file, done)
                report(done, total)
    if total is not None and done != total:
        raise httpx.RemoteProtocolError(f"{done} of {total} bytes came")


def _version_file(part: Path) -> Path:
    return part.with_suffix(".version")


def _remember_version(response: httpx.Response, version: Path) -> None:
    """A weak ETag does not promise the same bytes, so it is of no use for resuming."""
    tag = response.headers.get("ETag", "")
    mark = tag if tag.startswith('"') else response.headers.get("Last-Modified")
    if mark:
        version.write_text(mark)
    else:
        version.unlink(missing_ok=True)


def _check_size(file: RemoteFile, total: int | None) -> None:
    if file.size is not None and total is not None and total != file.size:
        raise ModelFilesError(
            f"{file.url}: the server offers {total} bytes, the manifest says {file.size}; "
            "it is not the file that was vouched for"
        )


def _check_space(part: Path, total: int | None, done: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if total is not None and total - done > free:
        raise ModelFilesError(f"{part.parent} has {free / 1e6:.0f} MB free; {(total - done) / 1e6:.0f} MB are needed")
