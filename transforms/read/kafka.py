"""Kafka topics as inputs: `kafka://HOST:PORT/TOPIC`, a JSON row in each message.

A topic is read in ranges of offsets that are named beforehand, `kafka://HOST:PORT/TOPIC/PARTITION/BEGIN-END`: reading one again gives the same messages.
Beam's own connector reads on from wherever its engine or its consumer group has come to; docs/runners.md says why that would not do.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from transforms.read.rows import read_row, sample
from transforms.records import RawDocument, Reject

SCHEME = "kafka://"
PART_MESSAGES = 2_000  # that one worker reads at a time
CONFIG = "KHABAR_KAFKA_CONFIG"
_URI = re.compile(rf"{SCHEME}(?P<brokers>[^/@?#\s]+)/(?P<topic>[A-Za-z0-9._-]+)(/(?P<partition>\d+)/(?P<begin>\d+)-(?P<end>\d+))?")
_LOOK_SECONDS = 10.0
_READ_SECONDS = 60.0
_PREFETCH_KB = 4096  # a reader stops soon: what it has fetched beyond its range is for nothing


class BrokerError(Exception):
    """The brokers do not answer, or refuse us."""


@dataclass(frozen=True, slots=True)
class Range:
    """Messages of one partition.

    Args:
        topic: its address.
        partition: its number.
        begin: offset of the first.
        end: offset behind the last.
    """

    topic: str
    partition: int
    begin: int
    end: int

    @property
    def place(self) -> str:
        """The address of the partition."""
        return f"{self.topic}/{self.partition}"

    def __str__(self) -> str:
        return f"{self.place}/{self.begin}-{self.end}"


def is_topic(uri: str) -> bool:
    """Whether this is the address of a topic, or of a range of it."""
    return uri.startswith(SCHEME)


def parse_range(uri: str) -> Range | None:
    """The range that an address names; None when it names a whole topic. Raises ValueError when it is none of both."""
    found = _parse(uri)
    if found["begin"] is None:
        return None
    return Range(f"{SCHEME}{found['brokers']}/{found['topic']}", int(found["partition"]), int(found["begin"]), int(found["end"]))


def _parse(uri: str) -> re.Match[str]:
    if not (found := _URI.fullmatch(uri)):
        raise ValueError(f"{uri!r} is not {SCHEME}HOST:PORT[,HOST:PORT …]/TOPIC")
    return found


def split_range(messages: Range) -> Iterator[Range]:
    """The ranges in which one is read."""
    for begin in range(messages.begin, messages.end, PART_MESSAGES):
        yield replace(messages, begin=begin, end=min(begin + PART_MESSAGES, messages.end))


def held(topic: str) -> list[Range]:
    """What each partition of a topic holds now, as far as transactions are decided; no partition when there is no such topic.

    Raises: BrokerError; ValueError for a wrong address.
    """
    from confluent_kafka import IsolationLevel, KafkaError, TopicPartition
    from confluent_kafka.admin import AdminClient, OffsetSpec

    name = _parse(topic)["topic"]
    with _broker_errors(topic):
        client = AdminClient(_settings(topic))
        told = client.list_topics(name, timeout=_LOOK_SECONDS).topics[name]
        if told.error and told.error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
            return []
        _check(told.error)

        def offsets(spec: Any) -> dict[int, int]:
            asked = {TopicPartition(name, partition): spec for partition in told.partitions}
            answers = client.list_offsets(asked, isolation_level=IsolationLevel.READ_COMMITTED, request_timeout=_LOOK_SECONDS)
            return {partition.partition: answer.result().offset for partition, answer in answers.items()}

        first, last = offsets(OffsetSpec.earliest()), offsets(OffsetSpec.latest())
    return [Range(topic, partition, first[partition], last[partition]) for partition in sorted(first)]


def check_topics(inputs: Iterable[str]) -> None:
    """Raises BrokerError when the brokers of a topic among the inputs do not answer."""
    for topic in filter(is_topic, inputs):
        held(topic)


def read_messages(uri: str, max_document_bytes: int) -> Iterator[RawDocument | Reject]:
    """The pages of a range, or of what a topic holds now, and a reject for each message that is none, and for messages that the topic has deleted.

    Unlike a file, which is named in a reject when its store fails for good, a range is left to be read again: nobody else would notice which messages are missing.

    Raises: BrokerError; ValueError for a wrong address.
    """
    ranges = [messages] if (messages := parse_range(uri)) else held(uri)
    if not any(messages.begin < messages.end for messages in ranges):
        yield Reject(uri, uri, "read", "not_found", "no such topic, or no message in it", "")
    for messages in ranges:
        yield from _read_range(messages, max_document_bytes)


def _read_range(messages: Range, max_document_bytes: int) -> Iterator[RawDocument | Reject]:
    from confluent_kafka import Consumer, KafkaError, TopicPartition

    topic = _parse(messages.topic)["topic"]
    settings: dict[str, Any] = {
        "group.id": "khabar",  # wanted by the client; nothing is committed
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "auto.offset.reset": "error",
        "queued.max.messages.kbytes": _PREFETCH_KB,
        "fetch.queue.backoff.ms": 10,  # until more is fetched; by default a second
    }
    with _broker_errors(messages.topic), closing(Consumer(settings | _settings(messages.topic))) as consumer:
        consumer.assign([TopicPartition(topic, messages.partition, messages.begin)])
        while True:
            message: Any = consumer.poll(_READ_SECONDS)
            if message is None:
                raise BrokerError(f"no message of {messages} came for {_READ_SECONDS:.0f} s")
            code, offset = message.error() and message.error().code(), message.offset()
            if (
                code == KafkaError._AUTO_OFFSET_RESET
            ):  # there is no message at `begin`: it is deleted, or the topic is not the one that it was
                first, _ = consumer.get_watermark_offsets(TopicPartition(topic, messages.partition), timeout=_READ_SECONDS)
                if not messages.begin < first < messages.end:
                    yield _gone(messages)
                    return
                yield _gone(replace(messages, end=first))
                consumer.assign([TopicPartition(topic, messages.partition, first)])
            elif code == KafkaError._PARTITION_EOF:
                if offset < messages.end:
                    yield _gone(replace(messages, begin=offset))
                return
            else:
                _check(message.error())
                if offset < messages.end:
                    yield read_message(message.value(), f"{messages.place}#{offset}", max_document_bytes)
                if offset >= messages.end - 1:
                    return


def read_message(value: bytes | None, place: str, max_document_bytes: int) -> RawDocument | Reject:
    """The page of one message, or why there is none."""
    data = (value or b"").removeprefix(codecs.BOM_UTF8)
    if not data or data.isspace():
        return Reject(place, place, "read", "empty", "the message has no value", "")
    if len(data) > max_document_bytes:
        why = f"the message has {len(data):,} bytes, more than {max_document_bytes:,}"
        return Reject(place, place, "read", "too_large", why, sample(data))
    return read_row(data, place)


@contextmanager
def _broker_errors(topic: str) -> Iterator[None]:
    from confluent_kafka import KafkaException

    try:
        yield
    except KafkaException as error:
        raise BrokerError(f"{topic}: {error.args[0].str()}") from error


def _check(error: Any) -> None:
    from confluent_kafka import KafkaException

    if error:
        raise KafkaException(error)


def _gone(messages: Range) -> Reject:
    why = f"messages {messages.begin} to {messages.end - 1} are not in the topic any more"
    return Reject(str(messages), str(messages), "read", "not_found", why, "")


def _settings(topic: str) -> dict[str, Any]:
    """What the client is told: the brokers, and what the file named by $KHABAR_KAFKA_CONFIG says (`key=value` lines of librdkafka's settings)."""
    settings: dict[str, Any] = {"bootstrap.servers": _parse(topic)["brokers"], "log_level": 2}
    if path := os.environ.get(CONFIG):
        lines = (line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines())
        settings |= {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines if line and line[0] != "#")}
    return settings
