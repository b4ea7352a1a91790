"""Beam's job servers for engines on the JVM: fetched by Maven, started from a class path.

    python deploy/job_server.py spark 8099 --spark-master-url=local[2]      # serves until it is stopped

A job server takes a pipeline from the Python SDK and hands it to Flink or Spark. What it consists of is said by the POM beside this file.
Fetched engines stay in a cache: $KHABAR_CACHE, else ~/.cache/khabar.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

MAIN = {
    "flink": "org.apache.beam.runners.flink.FlinkJobServerDriver",
    "spark": "org.apache.beam.runners.spark.SparkJobServerDriver",
}

# What Flink's and Spark's own start scripts pass to Java 17.
_OPENED = [
    *("java.net", "java.io", "java.nio", "java.lang", "java.lang.invoke", "java.lang.reflect", "java.text", "java.time", "java.util"),
    *("java.util.concurrent", "java.util.concurrent.atomic", "java.util.concurrent.locks"),
    *("sun.net.util", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar"),
]
JAVA_OPTIONS = [
    *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
    *(f"--add-exports=java.{p}=ALL-UNNAMED" for p in ("rmi/sun.rmi.registry", "security.jgss/sun.security.krb5")),
]


# Spark's own ports; Flink's are set in its configuration.
_LOOPBACK = {"flink": [], "spark": ["-Dspark.driver.host=127.0.0.1", "-Dspark.driver.bindAddress=127.0.0.1", "-Dspark.ui.enabled=false"]}


class Unavailable(RuntimeError):
    """Something that an engine needs cannot be had on this machine."""


def cache() -> Path:
    """Where fetched engines are kept."""
    return Path(os.environ.get("KHABAR_CACHE", Path.home() / ".cache" / "khabar"))


def job_server(engine: str, job_port: int, artifacts: Path, *arguments: str) -> list[str]:
    """The command that serves `engine` ("flink" or "spark") at `job_port`; staged files go to `artifacts`.

    Beam gives no way to bind its server to one address: it listens on all of this machine's.

    Raises: Unavailable when Java, Maven or the jars cannot be had.
    """
    if not shutil.which("java"):
        raise Unavailable("Java 17 is not installed")
    [artifact_port] = free_ports(1)
    server = [f"--job-port={job_port}", f"--artifact-port={artifact_port}", "--expansion-port=-1", "--job-host=127.0.0.1"]
    java = ["java", "-Xmx1g", *_LOOPBACK[engine], *JAVA_OPTIONS, "-cp", f"{jars(engine)}/*"]
    return [*java, MAIN[engine], *server, f"--artifacts-dir={artifacts}", *arguments]


def jars(engine: str) -> Path:
    """The folder of the job server's jars (150 MB for Flink)."""
    return class_path(Path(__file__).with_name(f"{engine}_job_server.xml"), f"Beam's job server for {engine}")


def class_path(pom: Path, what: str) -> Path:
    """The folder of the jars that a POM names, resolved and checked by Maven when it is not in the cache yet. Raises Unavailable with its reason."""
    folder = cache() / f"{pom.stem}-{hashlib.sha256(pom.read_bytes()).hexdigest()[:8]}"
    if not folder.is_dir():
        if not shutil.which("mvn"):
            raise Unavailable(f"Maven is not installed, and it fetches {what}")
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        copy = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={part}"]
        maven = ["mvn", "--batch-mode", "--quiet", "--strict-checksums", "-Dstyle.color=never"]
        fetch([*maven, f"--file={pom}", *copy], f"{what} from Maven Central")
        part.rename(folder)
    return folder


def fetch(command: Sequence[str], what: str) -> None:
    """Runs a package client. Raises Unavailable with its reason when it fails."""
    cache().mkdir(parents=True, exist_ok=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line]
        raise Unavailable(f"could not get {what}: {errors[0][:300] if errors else f'exit code {done.returncode}'}")


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]


def main(engine: str, port: int, *arguments: str) -> int:
    """Becomes the job server; returns 1 when it cannot be had."""
    try:
        command = job_server(engine, port, Path(tempfile.mkdtemp(prefix="khabar-artifacts-")), *arguments)
    except Unavailable as reason:
        print(f"job_server: {reason}", file=sys.stderr)
        return 1
    os.execvp(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
