"""A child that does what a bad document would make it do."""

from __future__ import annotations

import os
import re
import socket
import time

from clausebook.children.bounded import Channel


def serve(channel: Channel) -> None:
    """Answer with what was asked for."""
    kept = []
    for question, files in channel.questions():
        match question["do"]:
            case "spin":
                # Holds on to the interpreter: no other thread of the process goes on.
                re.match(r"(a+)+$", "a" * 60 + "b")
            case "sleep":
                time.sleep(600)
            case "grow":
                kept.append(bytes(question["octets"]))
            case "die":
                os._exit(1)
            case "connect":
                with socket.socket() as client:
                    channel.tell(client.connect_ex(("127.0.0.1", question["port"])))
                continue
            case "who":
                channel.tell([os.getuid(), os.environ["https_proxy"]])
                continue
        channel.tell(len(kept), *(file[::-1] for file in files))
