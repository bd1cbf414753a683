"""Downloads from a Hub that is a small server on this machine: progress, cancel, resume, digest, offline."""

import hashlib
import http.server
import json
import threading

import pytest
from huggingface_hub import constants

from sam2_core import hub
from sam2_core.errors import Cancelled, ModelNotAvailable

CONTENT = bytes(range(256)) * 400
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAME = "sam2.1_hiera_tiny"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self._answer(body=False)

    def do_GET(self):
        self._answer(body=True)

    def _answer(self, body):
        if self.path.startswith("/api/models/"):
            self._list()
            return
        if "/resolve/" not in self.path:
            self.send_error(404)
            return
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0]) if body else 0
        content, size = self.server.content[start:], len(self.server.content)
        if body:
            self.server.starts.append(start)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.send_header("ETag", f'"{SHA256}"')
        self.send_header("X-Linked-Etag", f'"{SHA256}"')
        self.send_header("X-Linked-Size", str(size))
        self.send_header("X-Repo-Commit", "0" * 40)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def _list(self):
        lfs = {"size": len(CONTENT), "sha256": SHA256, "pointerSize": 100}
        files = [{"rfilename": name, "size": len(CONTENT), "lfs": lfs} for name in self.server.files]
        content = json.dumps({"id": "someone/else", "siblings": files}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        """Nothing is printed."""


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A Hub with one checkpoint, and an empty cache."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as hub_server:
        hub_server.content, hub_server.starts = CONTENT, []
        address = f"http://127.0.0.1:{hub_server.server_port}"
        for name in ("ENDPOINT", "HUGGINGFACE_CO_URL_TEMPLATE"):
            template = "" if name == "ENDPOINT" else "/{repo_id}/resolve/{revision}/{filename}"
            monkeypatch.setattr(constants, name, address + template)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 10_000)
        file = hub.HUB_FILES[NAME]
        monkeypatch.setitem(hub.HUB_FILES, NAME, hub.HubFile(file.repo_id, file.filename, len(CONTENT), SHA256))
        thread = threading.Thread(target=hub_server.serve_forever, args=(0.01,))
        thread.start()
        yield hub_server
        hub_server.shutdown()
        thread.join()


def test_a_download_reports_progress_and_is_kept(server):
    seen = []
    path = hub.fetch("facebook/sam2.1-hiera-tiny", progress=lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == CONTENT
    assert seen == sorted(seen)
    assert len(seen) > 1
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert hub.cached(NAME) == path
    assert hub.fetch(NAME) == path
    assert server.starts == [0]


def test_a_cancelled_download_goes_on_where_it_stopped(server):
    done = []
    with pytest.raises(Cancelled):
        hub.fetch(NAME, progress=lambda n, total: done.append(n), cancel=lambda: len(done) >= 3)
    assert hub.cached(NAME) is None
    assert hub.fetch(NAME).read_bytes() == CONTENT
    assert server.starts == [0, done[-1]]


def test_wrong_content_is_refused_and_dropped(server):
    server.content = b"x" * len(CONTENT)
    with pytest.raises(ModelNotAvailable, match="not the published file"):
        hub.fetch(NAME)
    server.content = CONTENT
    assert hub.fetch(NAME).read_bytes() == CONTENT


def test_offline_mode_is_respected(server, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotAvailable, match=r"sam2\.1-hiera-tiny is not on this machine and HF_HUB_OFFLINE"):
        hub.fetch(NAME)
    assert server.starts == []


def test_offline_mode_uses_the_cache(server, monkeypatch):
    path = hub.fetch(NAME)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert hub.fetch(NAME) == path


def test_no_network_is_one_sentence(server, monkeypatch):
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", "http://127.0.0.1:9/{repo_id}/{revision}/{filename}")
    with pytest.raises(ModelNotAvailable, match=r"sam2\.1-hiera-tiny could not be downloaded .* or use sam2-nano"):
        hub.fetch(NAME)


def test_a_cache_that_cannot_be_written_is_one_sentence(server, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ModelNotAvailable, match="could not be downloaded"):
        hub.fetch(NAME)


def test_the_bundled_model_needs_no_network(monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert hub.fetch("sam2-nano").name == "sam2-nano.safetensors"


def test_an_unknown_model_is_named():
    with pytest.raises(ModelNotAvailable, match="'sam3'"):
        hub.fetch("sam3")


def test_the_checkpoint_of_another_repository_is_found_and_kept(server, monkeypatch):
    server.files = ["README.md", "weights.safetensors", "weights.pt"]
    path = hub.fetch("someone/sam2.1-hiera-tiny")
    assert (path.name, path.read_bytes()) == ("weights.safetensors", CONTENT)
    assert hub.cached(NAME) is None
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert hub.fetch("someone/sam2.1-hiera-tiny") == path
    with pytest.raises(ModelNotAvailable, match="someone/else is not on this machine"):
        hub.fetch("someone/else")


@pytest.mark.parametrize(
    ("files", "reason"),
    [(["README.md"], "holds no .safetensors or .pt file"), (["a.pt", "b.pt"], r"several checkpoints: a.pt, b.pt")],
)
def test_a_repository_without_one_checkpoint_is_one_sentence(server, files, reason):
    server.files = files
    with pytest.raises(ModelNotAvailable, match=reason):
        hub.fetch("someone/else")
