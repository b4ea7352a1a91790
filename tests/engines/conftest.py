"""Engines and stores as fixtures, one of each per session. A fixture skips, with the reason, where its engine cannot be had."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import flink_cluster as deploy
import pytest
from job_server import Unavailable, cache, free_ports, job_server

from engines.faulty_proxy import Faults, faulty_proxy
from engines.flink import FlinkCluster
from engines.kafka import Kafka, broker
from engines.services import ENVIRONMENT, ROOT, listens, service, workers_to_come

BEAM = version("apache-beam")
BEAM_MODULE = "apache_beam.runners.portability"


@pytest.fixture(scope="session", autouse=True)
def stopped_in_order() -> Iterator[None]:
    """SIGTERM ends the tests as Ctrl-C does, so that every service is stopped."""
    earlier = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield
    signal.signal(signal.SIGTERM, earlier)


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the services write their logs."""
    return tmp_path_factory.mktemp("engine-logs")


@pytest.fixture(scope="session")
def two_processes() -> list[str]:
    """Options for the local runner with two worker processes."""
    return ["--direct_num_workers=2", "--direct_running_mode=multi_processing"]


@pytest.fixture(scope="session")
def worker_pool(logs: Path) -> Iterator[str]:
    """The address of a pool that gives each engine its own Python worker processes."""
    [port] = free_ports(1)
    with service([sys.executable, ROOT / "deploy" / "worker_pool.py", port], logs / "workers.log", lambda: listens(port)):
        yield f"127.0.0.1:{port}"


@pytest.fixture(scope="session")
def prism_binary() -> Path:
    """Prism of the installed Beam release, built from its Go module."""
    binary = cache() / f"prism-{BEAM}"
    if not binary.exists():
        if not shutil.which("go"):
            pytest.skip("Go is not installed, and it builds Prism")
        build = cache() / "go-bin"
        module = f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{BEAM}"
        done = subprocess.run(
            ["go", "install", module], env=ENVIRONMENT | {"GOBIN": str(build)}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"could not build Prism: {done.stderr.strip().splitlines()[-1][:200]}")
        (build / "prism").rename(binary)
    return binary


@pytest.fixture(scope="session")
def prism(prism_binary: Path, worker_pool: str) -> list[str]:
    """Options that send a pipeline to Prism with workers in processes of their own."""
    return [
        "--runner=PrismRunner",
        f"--prism_location={prism_binary}",
        "--environment_type=EXTERNAL",
        f"--environment_config={worker_pool}",
    ]


@pytest.fixture(scope="session")
def job_service(worker_pool: str, logs: Path) -> Iterator[list[str]]:
    """Options that send a pipeline to Beam's Python job service with workers in processes of their own."""
    [port] = free_ports(1)
    with service(
        [sys.executable, "-m", f"{BEAM_MODULE}.local_job_service_main", "--job_port", port], logs / "job-service.log", lambda: listens(port)
    ):
        yield [
            "--runner=PortableRunner",
            f"--job_endpoint=127.0.0.1:{port}",
            "--job_server_timeout=600",  # seconds: how long the client listens for the end of the job
            "--environment_type=EXTERNAL",
            f"--environment_config={worker_pool}",
        ]


@pytest.fixture(scope="session")
def flink_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlinkCluster]:
    """A running Flink cluster."""
    directory = tmp_path_factory.mktemp("flink")
    try:
        state = deploy.start(directory)
    except Unavailable as reason:
        pytest.skip(str(reason))
    try:
        yield FlinkCluster(directory, state)
    finally:
        deploy.stop(directory)


@pytest.fixture(scope="session")
def flink(flink_cluster: FlinkCluster) -> list[str]:
    """Options that send a pipeline to the Flink cluster."""
    return deploy.beam_options(flink_cluster.state)


@pytest.fixture(scope="session")
def spark(worker_pool: str, logs: Path) -> Iterator[list[str]]:
    """Options that send a pipeline to Spark 3 with two local executors."""
    [port] = free_ports(1)
    try:
        command = job_server("spark", port, logs / "spark-artifacts", "--spark-master-url=local[2]")
    except Unavailable as reason:
        pytest.skip(str(reason))
    with service(command, logs / "spark.log", lambda: listens(port)):
        yield [
            "--runner=PortableRunner",
            f"--job_endpoint=127.0.0.1:{port}",
            "--job_server_timeout=600",
            "--environment_type=EXTERNAL",
            f"--environment_config={worker_pool}",
            "--environment_cache_millis=60000",
        ]


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A Kafka broker."""
    pytest.importorskip("confluent_kafka")
    try:
        with broker(tmp_path_factory.mktemp("kafka")) as running:
            yield running
    except Unavailable as reason:
        pytest.skip(str(reason))


@dataclass
class Engine:
    """Options that send a stream to an engine, what kills a part of it that is at work, and whether the job was hurt by that (given the log)."""

    options: list[str]
    kill: Callable[[], None]
    was_hurt: Callable[[str], bool]


@pytest.fixture(params=["prism", "flink"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine that can stream in turn."""
    options = request.getfixturevalue(request.param)
    if request.param == "prism":
        found = workers_to_come()
        yield Engine(options, lambda: found()[0].kill(), lambda log: "is started again" in log)
    else:
        cluster = request.getfixturevalue("flink_cluster")
        yield Engine(options, cluster.kill_task_manager, lambda _: cluster.failures() > 0)
        cluster.end_last_job()
        cluster.mend()


@dataclass
class Store:
    """An object store behind a proxy that can be told to fail."""

    url: str
    fs: Any
    environment: dict[str, str]
    faults: Faults


SECRET = "KHABARTESTSECRET"


@pytest.fixture(scope="session")
def gcs(logs: Path) -> Iterator[Store]:
    """Google Cloud Storage, emulated, with one bucket."""
    # The class for plain buckets: gcsfs's default one first asks a gRPC service, which the emulator has not, and waits minutes for it.
    gcsfs = pytest.importorskip("gcsfs.core")
    emulator = _script("gcp-storage-emulator")
    port, proxy = free_ports(2)
    start = [emulator, "start", "--host=127.0.0.1", f"--port={port}", "--in-memory", "--default-bucket=news"]
    with service(start, logs / "gcs.log", lambda: listens(port)), faulty_proxy(f"127.0.0.1:{port}", proxy) as faults:
        endpoint = f"http://127.0.0.1:{proxy}"
        environment = {"STORAGE_EMULATOR_HOST": endpoint, "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false"}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            yield Store(
                "gs://news",
                gcsfs.GCSFileSystem(endpoint_url=endpoint, token="anon", use_listings_cache=False, skip_instance_cache=True),
                environment,
                faults,
            )


@pytest.fixture(scope="session")
def s3(logs: Path) -> Iterator[Store]:
    """Amazon S3, emulated, with one bucket."""
    s3fs = pytest.importorskip("s3fs")
    port, proxy = free_ports(2)
    with (
        service([_script("moto_server"), "-H", "127.0.0.1", "-p", port], logs / "s3.log", lambda: listens(port)),
        faulty_proxy(f"127.0.0.1:{port}", proxy) as faults,
    ):
        environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{proxy}",
            "AWS_ACCESS_KEY_ID": "khabar",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        fs = s3fs.S3FileSystem(
            key="khabar", secret=SECRET, endpoint_url=environment["AWS_ENDPOINT_URL"], use_listings_cache=False, skip_instance_cache=True
        )
        fs.mkdir("news")
        yield Store("s3://news", fs, environment, faults)


def _script(name: str) -> Path:
    script = Path(sys.executable).with_name(name)
    if not script.exists():
        pytest.skip(f"{name} is not installed: pip install -e '.[test]'")
    return script
