"""The query of GET /events."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from project.api.events.topics import Topic
from project.api.schemas import Payload

WORDS = "|".join(Topic)


def _topics(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    words = text.split(",")
    if not set(words) <= set(Topic):
        raise ValueError(f"Must be some of {', '.join(Topic)}, with commas between")
    return frozenset(Topic(word) for word in words)


Topics = Annotated[
    frozenset[Topic],
    BeforeValidator(_topics),
    WithJsonSchema({"type": "string", "pattern": f"^({WORDS})(,({WORDS}))*$"}),
]


class EventsQuery(Payload):
    """What to follow."""

    topics: Topics | None = Field(None, description="With commas between; all of them where nothing is said.")
