"""Probes of what runs elsewhere: the switch, PostgreSQL, Redis."""

from __future__ import annotations

import socket

from bot.doctor.report import Finding, Status

AREA = "services"
TIMEOUT_S = 1.0
ESL_GREETING = b"Content-Type: auth/request"  # the first line a FreeSWITCH sends


def switch(host: str, port: int, *, drained: bool = False) -> Finding:
    """Does something answer there, and is it a FreeSWITCH."""
    remedy = "docs/ says how to run one; the demo brings its own simulated switch"
    try:
        with socket.create_connection((host, port), timeout=TIMEOUT_S) as connection:
            connection.settimeout(TIMEOUT_S)
            greeting = connection.recv(len(ESL_GREETING))
    except OSError as error:
        return Finding(AREA, "FreeSWITCH", Status.OPTIONAL, f"not at {host}:{port} ({_reason(error)})", remedy)
    if greeting != ESL_GREETING:
        return Finding(
            AREA, "FreeSWITCH", Status.OPTIONAL, f"{host}:{port} answers, but not as an event socket", remedy
        )
    if drained:
        remedy = "take drain = true out of voicebot.toml to give it calls again"
        return Finding(AREA, "FreeSWITCH", Status.OK, f"event socket at {host}:{port}, drained: no new calls", remedy)
    return Finding(AREA, "FreeSWITCH", Status.OK, f"event socket at {host}:{port}")


def server(name: str, host: str, port: int, use: str) -> Finding:
    """A server we do not need; `use` says what it would be for."""
    try:
        socket.create_connection((host, port), timeout=TIMEOUT_S).close()
    except OSError as error:
        return Finding(AREA, name, Status.OPTIONAL, f"not at {host}:{port} ({_reason(error)})", use)
    return Finding(AREA, name, Status.OK, f"answers at {host}:{port}")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
