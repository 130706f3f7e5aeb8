"""Who may come in: asked before a connection is upgraded, so that a stranger gets a status and nothing else."""

import hmac
from dataclasses import dataclass
from http import HTTPStatus

from websockets.datastructures import Headers, MultipleValuesError
from websockets.http11 import Request

from vla_course.serving.network.settings import ServerSettings
from vla_course.serving.packets.codes import Code

SCHEME = "Api-Key "
POLICY, HEALTH, METRICS = "/", "/healthz", "/metrics"


@dataclass(frozen=True)
class Refusal:
    """A status of HTTP, and the code that is counted for it."""

    status: HTTPStatus
    code: Code
    said: str


class Access:
    """Decides who may come in.

    Args:
        settings: with the address, the origins, and whether clients need a token.
        token: that opens; /metrics always asks for it.
    """

    def __init__(self, settings: ServerSettings, token: str) -> None:
        self._token = token.encode()
        self._origins = settings.origins
        self._open = settings.token is None  # and so on loopback, or the settings would not be

    def refusal(self, request: Request) -> Refusal | None:
        """Return why a request is refused; None if it is not."""
        path = request.path.partition("?")[0]
        if request.method != "GET":
            return Refusal(HTTPStatus.METHOD_NOT_ALLOWED, Code.WRONG_METHOD, Code.WRONG_METHOD.meaning)
        if path not in (POLICY, HEALTH, METRICS):
            return Refusal(HTTPStatus.NOT_FOUND, Code.NOT_FOUND, Code.NOT_FOUND.meaning)
        if path == HEALTH:
            return None
        # A page in a browser can reach loopback; that it says where it is from is all that gives it away.
        if not self._welcome(request.headers):
            return Refusal(HTTPStatus.FORBIDDEN, Code.FORBIDDEN_ORIGIN, Code.FORBIDDEN_ORIGIN.meaning)
        if (path == METRICS or not self._open) and not self._knows(request.headers):
            said = f"{Code.UNAUTHORIZED.meaning}; expected: Authorization: Api-Key TOKEN"
            return Refusal(HTTPStatus.UNAUTHORIZED, Code.UNAUTHORIZED, said)
        return None

    def _welcome(self, headers: Headers) -> bool:
        said = headers.get_all("Origin")
        return all(origin in self._origins for origin in said)

    def _knows(self, headers: Headers) -> bool:
        try:
            said = headers.get("Authorization", "")
        except MultipleValuesError:
            return False
        if not said.startswith(SCHEME):
            return False
        # Takes as long for a token that is almost right as for one that is not.
        return hmac.compare_digest(said.removeprefix(SCHEME).encode(), self._token)
