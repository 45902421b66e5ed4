"""A push is one commit of all files, by the real `huggingface_hub` against a local server that speaks its API."""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from preceptor.core.errors import InputError, NotAllowedError, StorageError
from preceptor.datasets.publish import publish
from preceptor.datasets.publisher import StoreAccess, publishers

pytest.importorskip("huggingface_hub")
TOKEN = "hf_made_up_token"


class Hub(BaseHTTPRequestHandler):
    """What the hub answers when a dataset repository is made, a folder uploaded and its files listed."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.tokens.add(self.headers.get("Authorization"))
        if self.server.refuses:
            self.answer({"error": "no room for you"}, 403)
        elif self.path == "/api/repos/create":
            self.server.created.append(json.loads(body))
            # The library knows addresses of its own hub only.
            self.answer({"url": f"{self.server.home}/datasets/ada/support"})
        elif self.path.endswith("/preupload/main"):
            files = [
                {"path": one["path"], "uploadMode": "regular", "shouldIgnore": False}
                for one in json.loads(body)["files"]
            ]
            self.answer({"files": files})
        elif self.path.endswith("/commit/main"):
            lines = [json.loads(line) for line in body.splitlines()]
            self.server.commits.append(lines)
            for line in lines:
                if line["key"] == "file":
                    self.server.files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
            self.answer({"commitUrl": f"{self.server.home}/datasets/ada/support/commit/1", "commitOid": "1" * 40})
        else:
            self.answer({})

    def do_GET(self):
        if self.server.refuses:
            self.answer({"error": "no room for you"}, 403)
        elif "/tree/" in self.path:
            files = [
                {"type": "file", "path": name, "size": len(content), "oid": "0"}
                for name, content in self.server.files.items()
            ]
            self.answer(files)
        else:
            siblings = [{"rfilename": name} for name in self.server.files]
            self.answer({"id": "ada/support", "sha": "1" * 40, "siblings": siblings, "private": True, "tags": []})

    def answer(self, value, status=200):
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def hub():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    from huggingface_hub.constants import ENDPOINT

    server.home = ENDPOINT
    server.created, server.commits, server.files, server.tokens, server.refuses = [], [], {}, set(), False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def access(hub, monkeypatch):
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    return StoreAccess(endpoint=f"http://127.0.0.1:{hub.server_address[1]}", token=TOKEN)


def test_a_push_is_one_commit_with_every_file(version, hub, access, tmp_path):
    done = publish(version, publishers.create("hugging-face-hub"), "ada/support", access)
    folder = tmp_path / "datasets" / "support" / version.id
    wanted = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert hub.files == wanted
    assert len(hub.commits) == 1
    assert hub.commits[0][0]["value"]["summary"] == f"Version {version.id}"
    assert (hub.created[0]["type"], hub.created[0]["visibility"]) == ("dataset", "private")
    assert hub.tokens == {f"Bearer {TOKEN}"}
    assert (done.target, done.num_files) == ("ada/support", len(wanted))


def test_a_refusal_is_told_without_the_token(version, hub, access):
    hub.refuses = True
    with pytest.raises(StorageError, match="the hub did not take 'ada/support'") as raised:
        publish(version, publishers.create("hugging-face-hub"), "ada/support", access)
    assert TOKEN not in str(raised.value)


def test_without_a_token_nothing_is_tried(version, hub):
    with pytest.raises(NotAllowedError, match="the hub wants a token"):
        publish(version, publishers.create("hugging-face-hub"), "ada/support")
    assert hub.created == []


@pytest.mark.parametrize("target", ["support", "ada/support/more", "../support", "ada/sup port", "ada/..", "-ada/x"])
def test_a_target_that_is_no_repository_is_refused(version, target):
    with pytest.raises(InputError, match="is no repository; write owner/name"):
        publish(version, publishers.create("hugging-face-hub"), target, StoreAccess(token=TOKEN))
