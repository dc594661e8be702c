"""The real yaml-language-server, asked what it says of a file, as an editor asks it."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

LONGEST = 300.0
"""Seconds after which a server is ended, whatever it does."""

SETTINGS = {"yaml": {"validate": True, "schemaStore": {"enable": False}, "hover": False, "completion": False}}


class LanguageServer:
    """A running server, which speaks the Language Server Protocol over its standard streams. A context manager."""

    def __init__(self, command: str, root: Path, schemas: Mapping[str, str] | None = None) -> None:
        self._settings = {"yaml": {**SETTINGS["yaml"], "schemas": dict(schemas or {})}}
        self._process = subprocess.Popen([command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._number = 0
        # A server that says nothing would be waited for without end.
        self._end = threading.Timer(LONGEST, self._process.kill)
        self._end.start()
        folders = [{"uri": root.as_uri(), "name": root.name}]
        able = {"workspace": {"configuration": True, "workspaceFolders": True}}
        self._ask(
            "initialize",
            {"processId": None, "rootUri": root.as_uri(), "capabilities": able, "workspaceFolders": folders},
        )
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": self._settings})

    def __enter__(self) -> LanguageServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end.cancel()
        self._process.kill()
        self._process.communicate()

    def problems(self, path: Path) -> list[str]:
        """Return what the server says of a file, each with its line: "3: Value is not accepted"."""
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": path.read_text(encoding="utf-8")}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self._next()
            said = message.get("params")
            if message.get("method") == "textDocument/publishDiagnostics" and said["uri"] == uri:
                return [f"{each['range']['start']['line'] + 1}: {each['message']}" for each in said["diagnostics"]]

    def _ask(self, method: str, said: Mapping[str, Any]) -> None:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": said})
        while self._next().get("id") != self._number:
            pass

    def _tell(self, method: str, said: Mapping[str, Any]) -> None:
        self._send({"method": method, "params": said})

    def _next(self) -> dict[str, Any]:
        """Return the server's next message, and answer what it asks meanwhile."""
        stream = self._process.stdout
        assert stream
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise RuntimeError("the language server ended")
        message: dict[str, Any] = json.loads(stream.read(length))
        if "method" in message and "id" in message:
            asked = message["params"]["items"] if message["method"] == "workspace/configuration" else []
            answer = [self._settings.get(each.get("section")) for each in asked] if asked else None
            self._send({"id": message["id"], "result": answer})
            return {}
        return message

    def _send(self, message: Mapping[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self._process.stdin
        assert stream
        stream.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        stream.flush()
