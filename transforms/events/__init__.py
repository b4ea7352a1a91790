"""Events: what the article says that happened, who did it to whom, when and where."""

from transforms.events.deduplicate import deduplicate_events, event_key
from transforms.events.extract import extract_events

__all__ = ["deduplicate_events", "event_key", "extract_events"]
