"""How a call to an outside system can fail.

"Nothing known about this person" is an answer, never one of these errors.
"""

from enum import StrEnum


class Why(StrEnum):
    """Why a system could not be reached."""

    NOT_CONFIGURED = "not_configured"
    CIRCUIT_OPEN = "circuit_open"
    NO_CONNECTION = "no_connection"
    TIMEOUT = "timeout"
    DROPPED = "dropped"
    SERVER_ERROR = "server_error"
    BUSY = "busy"


class ConnectorError(Exception):
    """Any failure of a call; a caller that falls back (A-46) catches this one.

    The message names system and operation only: no personal data, safe to log.
    """

    retryable = False

    def __init__(self, system: str, operation: str, detail: str) -> None:
        super().__init__(f"{system}.{operation}: {detail}")
        self.system = system
        self.operation = operation


class Unreachable(ConnectorError):  # noqa: N818 - says how the other side is
    """No answer was had; the same call may succeed later.

    `maybe_done` tells that the request may have arrived although its answer did not:
    before doing a thing again, ask whether it was done.
    """

    retryable = True

    def __init__(self, system: str, operation: str, why: Why, *, maybe_done: bool = False) -> None:
        super().__init__(system, operation, why)
        self.why = why
        self.maybe_done = maybe_done


class Refused(ConnectorError):  # noqa: N818 - what was refused is no error of ours
    """The system answered no (4xx); repeating the call unchanged will be refused again."""

    def __init__(self, system: str, operation: str, code: str, text: str) -> None:
        super().__init__(system, operation, f"refused ({code})")
        self.code = code
        self.text = text


class Malformed(ConnectorError):  # noqa: N818 - says how the answer is
    """The answer breaks the contract or its signature does not hold; nothing in it may be used."""

    def __init__(self, system: str, operation: str, defect: str) -> None:
        super().__init__(system, operation, f"malformed ({defect})")
        self.defect = defect
