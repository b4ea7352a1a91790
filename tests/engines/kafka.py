"""A real Kafka broker on loopback, and what tests do with it."""

from __future__ import annotations

import base64
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from job_server import Unavailable, class_path, free_ports

from engines.services import listens, service

_CONFIGURATION = """process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={directory}/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
"""


@dataclass(frozen=True)
class Kafka:
    """A running broker."""

    address: str

    def topic(self, name: str, partitions: int = 2) -> str:
        """A new topic; its address as an input."""
        from confluent_kafka.admin import AdminClient, NewTopic

        client = AdminClient({"bootstrap.servers": self.address})
        [created] = client.create_topics([NewTopic(name, partitions, 1)]).values()
        created.result(30)
        return f"kafka://{self.address}/{name}"

    def send(self, topic: str, messages: Sequence[bytes | None], partition: int | None = None) -> None:
        """Appends messages, to one partition, else to two in turn."""
        producer = self._producer()
        self._append(producer, topic, messages, partition)
        assert producer.flush(30) == 0

    def send_in_transaction(self, topic: str, messages: Sequence[bytes], partition: int, commit: bool) -> None:
        """Appends messages, and then makes them count, or not."""
        producer = self._producer(**{"transactional.id": uuid.uuid4().hex})
        producer.init_transactions(30)
        producer.begin_transaction()
        self._append(producer, topic, messages, partition)
        producer.flush(30)
        (producer.commit_transaction if commit else producer.abort_transaction)(30)

    def delete_before(self, topic: str, partition: int, offset: int) -> None:
        """Deletes a partition's messages before an offset, as a topic does with old ones."""
        from confluent_kafka import TopicPartition
        from confluent_kafka.admin import AdminClient

        place = TopicPartition(topic.rpartition("/")[2], partition, offset)
        client = AdminClient({"bootstrap.servers": self.address})
        [deleted] = client.delete_records([place]).values()
        deleted.result(30)

    def _producer(self, **settings: str) -> Any:
        from confluent_kafka import Producer

        return Producer({"bootstrap.servers": self.address, **settings})

    @staticmethod
    def _append(producer: Any, topic: str, messages: Sequence[bytes | None], partition: int | None) -> None:
        for number, message in enumerate(messages):
            producer.produce(topic.rpartition("/")[2], message, partition=number % 2 if partition is None else partition)


@contextmanager
def broker(directory: Path) -> Iterator[Kafka]:
    """A broker in KRaft mode, its data in `directory`. Raises Unavailable when Java, Maven or the jars cannot be had."""
    if not shutil.which("java"):
        raise Unavailable("Java 17 is not installed")
    jars = class_path(Path(__file__).with_name("kafka_broker.xml"), "a Kafka broker")
    port, controller = free_ports(2)
    configuration = directory / "server.properties"
    configuration.write_text(_CONFIGURATION.format(port=port, controller=controller, directory=directory))
    java = ["java", "-Xmx512m", "-cp", f"{jars}/*"]
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    subprocess.run(
        [*java, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", configuration], check=True, capture_output=True, timeout=60
    )
    with service([*java, "kafka.Kafka", configuration], directory / "broker.log", lambda: listens(port)):
        yield Kafka(f"127.0.0.1:{port}")
