"""Answers, and the problems of RFC 9457 that end a request early."""

from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass
class Answer:
    status: int
    body: dict
    headers: dict = field(default_factory=dict)
    media_type: str = "application/json"
    close: bool = False


class Problem(Exception):
    def __init__(self, status, name, detail, headers=None, close=False, **members):
        super().__init__(detail)
        self.status = status
        self.name = name
        self.detail = detail
        self.headers = headers or {}
        self.close = close
        self.members = members

    def answer(self):
        body = {
            "type": f"/problems/{self.name}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }
        return Answer(self.status, body, self.headers, "application/json", self.close)
