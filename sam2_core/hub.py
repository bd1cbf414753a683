"""Checkpoints from the Hugging Face Hub: into its cache, with progress, cancel, resume and a digest check."""

import hashlib
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import huggingface_hub
from huggingface_hub import constants, file_download
from huggingface_hub.errors import HfHubHTTPError

from sam2_core.checkpoints import BUNDLED, bundled_model_dir
from sam2_core.config import resolve_name
from sam2_core.errors import Cancelled, ModelNotAvailable

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Progress = Callable[[int, int], None]  # bytes so far, bytes in all
_SUFFIXES = (".safetensors", ".pt")
# the base error of the HTTP client, whichever one this version of the Hub uses, and what the disk may say
_FAILURES: tuple[type[Exception], ...] = (*HfHubHTTPError.__bases__, OSError)


@dataclass(frozen=True, slots=True)
class HubFile:
    """A checkpoint on the Hub."""

    repo_id: str
    filename: str
    size: int
    sha256: str


def _file(repo: str, size: int, sha256: str) -> HubFile:
    return HubFile(f"facebook/{repo}", f"{repo.replace('-', '_')}.pt", size, sha256)


HUB_FILES: dict[str, HubFile] = {
    f.filename.removesuffix(".pt"): f
    for f in (
        _file("sam2-hiera-tiny", 155906050, "65b50056e05bcb13694174f51bb6da89c894b57b75ccdf0ba6352c597c5d1125"),
        _file("sam2-hiera-small", 184309650, "95949964d4e548409021d47b22712d5f1abf2564cc0c3c765ba599a24ac7dce3"),
        _file("sam2-hiera-base-plus", 323493298, "d0bb7f236400a49669ffdd1be617959a8b1d1065081789d7bbff88eded3a8071"),
        _file("sam2-hiera-large", 897952466, "7442e4e9b732a508f80e141e7c2913437a3610ee0c77381a66658c3a445df87b"),
        _file("sam2.1-hiera-tiny", 156008466, "7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69"),
        _file("sam2.1-hiera-small", 184416285, "6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38"),
        _file("sam2.1-hiera-base-plus", 323606802, "a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5"),
        _file("sam2.1-hiera-large", 898083611, "2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318"),
    )
}


def fetch(model_id: str, *, progress: Progress | None = None, cancel: Callable[[], bool] | None = None) -> Path:
    """Path of a model's checkpoint, downloaded first where it is not in the Hub's cache.

    An interrupted or cancelled download goes on where it stopped. The Hub's own settings hold (`HF_HOME`,
    `HF_ENDPOINT`, `HF_HUB_OFFLINE`, proxies). The bundled model needs no network.

    Raises:
        ModelNotAvailable: unknown name, no network, no room on the disk, or the content is not the expected one.
        Cancelled: `cancel()` became true.
    """
    try:
        name = official_name(model_id)
    except ValueError as error:
        raise ModelNotAvailable(f"The model {model_id!r} cannot be fetched: {error}.") from None
    if name == BUNDLED:
        return bundled_model_dir() / f"{BUNDLED}.safetensors"
    if found := cached(name) if name else _cached_elsewhere(model_id):
        return found
    repo_id = HUB_FILES[name].repo_id if name else model_id
    if constants.is_offline_mode():
        raise ModelNotAvailable(
            f"{repo_id} is not on this machine and HF_HUB_OFFLINE forbids downloads; unset it or use {BUNDLED}."
        )
    try:
        file = HUB_FILES[name] if name else _checkpoint_of(repo_id)
        return _download(file, progress or (lambda done, total: None), cancel or (lambda: False))
    except _FAILURES as error:
        reason = str(error).split("\n", 1)[0]
        raise ModelNotAvailable(
            f"{repo_id} could not be downloaded ({reason}); check the connection and the disk, or use {BUNDLED}."
        ) from error


def official_name(model_id: str) -> str | None:
    """Canonical name of a model of the table; None for a repository of somebody else (`owner/name`).

    Raises:
        ValueError: no model of that name.
    """
    if "/" in model_id and not model_id.startswith(("facebook/", "configs/")):
        return None
    return resolve_name(model_id)


def cached(name: str) -> Path | None:
    """Complete checkpoint of that model in the Hub's cache; None where there is none."""
    file = HUB_FILES[name]
    found = huggingface_hub.try_to_load_from_cache(file.repo_id, file.filename)
    if isinstance(found, str) and Path(found).stat().st_size == file.size:
        return Path(found)
    return None


def _cached_elsewhere(repo_id: str) -> Path | None:
    """Checkpoint of somebody else's repository in the Hub's cache."""
    folder = Path(constants.HF_HUB_CACHE) / file_download.repo_folder_name(repo_id=repo_id, repo_type="model")
    found = sorted(path for path in folder.glob("snapshots/*/*") if path.suffix in _SUFFIXES and path.exists())
    return found[-1] if found else None


def _checkpoint_of(repo_id: str) -> HubFile:
    """The one checkpoint a repository holds; safetensors go before pickles.

    Raises:
        OSError: there is none, or more than one to choose from.
    """
    siblings = huggingface_hub.HfApi().model_info(repo_id, files_metadata=True).siblings or []
    for suffix in _SUFFIXES:
        files = [file for file in siblings if file.rfilename.endswith(suffix) and file.lfs is not None]
        if len(files) > 1:
            names = ", ".join(file.rfilename for file in files)
            raise OSError(f"it holds several checkpoints: {names}; download one and use the file")
        for file in files:
            if file.lfs is not None:
                return HubFile(repo_id, file.rfilename, file.lfs.size, file.lfs.sha256)
    raise OSError("it holds no .safetensors or .pt file")


def _download(file: HubFile, progress: Progress, cancel: Callable[[], bool]) -> Path:
    """Fill the blob in the Hub's cache, then let the Hub link it.

    The Hub's own download starts from nothing after an interruption, so the bytes are fetched here.
    """
    url = huggingface_hub.hf_hub_url(file.repo_id, file.filename)
    facts = huggingface_hub.get_hf_file_metadata(url)
    if not facts.etag:
        raise OSError("the server does not describe the file")
    folder = Path(constants.HF_HUB_CACHE) / file_download.repo_folder_name(repo_id=file.repo_id, repo_type="model")
    blob = folder / "blobs" / facts.etag
    if not blob.exists():
        blob.parent.mkdir(parents=True, exist_ok=True)
        part = blob.with_name(f"{blob.name}.sam2.part")
        with _Part(part, file.size, progress, cancel) as sink:
            resume_size = sink.seek(0, os.SEEK_END)
            file_download.http_get(
                facts.location,
                sink,
                resume_size=resume_size,
                headers={"Accept-Encoding": "identity"},  # a compressed stream cannot be resumed by bytes
                expected_size=file.size,
                tqdm_class=cast(Any, _NoBar),
            )
        if _sha256(part) != file.sha256:
            part.unlink()
            raise OSError("what arrived is not the published file; try again")
        part.replace(blob)
    return Path(huggingface_hub.hf_hub_download(file.repo_id, file.filename))


class _Part(io.FileIO):
    """Unfinished download that reports each chunk written and stops when asked."""

    def __init__(self, path: Path, total: int, progress: Progress, cancel: Callable[[], bool]) -> None:
        super().__init__(path, "r+b" if path.exists() else "w+b")
        self.total, self.progress, self.cancel = total, progress, cancel

    def write(self, chunk: "ReadableBuffer", /) -> int:
        """Write all of the chunk (a raw file may write less)."""
        if self.cancel():
            raise Cancelled("the download was stopped; it goes on from here the next time")
        view = memoryview(chunk)
        size = len(view)
        while len(view):
            view = view[super().write(view) :]
        self.progress(self.tell(), self.total)
        return size


class _NoBar:
    """Stands in for the Hub's progress bar, which writes to a terminal that a window does not have."""

    def __init__(self, **settings: object) -> None:
        self.settings = settings

    def __enter__(self) -> "_NoBar":
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def update(self, count: float = 1) -> None:
        """The sink reports progress."""


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
