"""Starts and stops a Flink 2.2 cluster on loopback: a JobManager, two TaskManagers and a pool of Beam Python workers.

    python deploy/flink_cluster.py start     # prints the options that send `khabar ingest` there
    python deploy/flink_cluster.py stop

Needs Java 17 and the package registries: Flink comes from PyPI, Beam's job server from Maven Central through `mvn`, checksums enforced;
both stay in a cache ($KHABAR_CACHE, else ~/.cache/khabar). Nothing listens beyond 127.0.0.1.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

FLINK = "2.2.1"
BEAM = "2.77.0"
JOB_SERVER = f"beam-runners-flink-{FLINK.rpartition('.')[0]}-job-server"
TASK_MANAGERS = 2
START_SECONDS = 90

# What Flink's own start scripts pass to Java 17 (`env.java.opts.all` of its default configuration).
_OPENED = [
    *("java.net", "java.io", "java.nio", "java.lang", "java.lang.reflect", "java.text", "java.time", "java.util"),
    *("java.util.concurrent", "java.util.concurrent.atomic", "java.util.concurrent.locks"),
]
JAVA_OPTIONS = [
    *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
    "--add-opens=java.base/sun.net.util=ALL-UNNAMED",
    *(f"--add-exports=java.{p}=ALL-UNNAMED" for p in ("rmi/sun.rmi.registry", "security.jgss/sun.security.krb5")),
]


class Unavailable(RuntimeError):
    """Something that the cluster needs cannot be had on this machine."""


def cache() -> Path:
    """Where fetched engines are kept."""
    return Path(os.environ.get("KHABAR_CACHE", Path.home() / ".cache" / "khabar"))


def flink_home() -> Path:
    """The unpacked Flink distribution, fetched from PyPI when it is not in the cache yet (300 MB)."""
    home = cache() / f"flink-{FLINK}"
    if not home.is_dir():
        part = home.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        _fetch(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(part), f"apache-flink-libraries=={FLINK}"],
            "Flink from PyPI",
        )
        part.rename(home)
    return home / "pyflink"


def beam_jar(artifact: str) -> Path:
    """A jar of Beam's release: $KHABAR_JARS/<artifact>-<version>.jar, else from the cache or Maven Central."""
    name = f"{artifact}-{BEAM}.jar"
    if (given := Path(os.environ.get("KHABAR_JARS", "")) / name).is_file():
        return given
    jar = cache() / name
    if not jar.is_file():
        if not shutil.which("mvn"):
            raise Unavailable(f"Maven is not installed, and it fetches {artifact}")
        coordinates = f"org.apache.beam:{artifact}:{BEAM}"
        copy = ["dependency:copy", f"-Dartifact={coordinates}", f"-DoutputDirectory={cache()}", "-Dmdep.useBaseVersion=true"]
        _fetch(
            ["mvn", "--batch-mode", "--quiet", "--update-snapshots", "--strict-checksums", "-Dstyle.color=never", *copy],
            f"{coordinates} from Maven Central",
        )
    return jar


def _fetch(command: list[str], what: str) -> None:
    cache().mkdir(parents=True, exist_ok=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        # Maven's first error line ends with the cause.
        reason = next(
            (line.rpartition(": ")[2] for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line),
            f"exit code {done.returncode}",
        )
        raise Unavailable(f"could not get {what}: {reason[:200]}")


def configuration(rest_port: int, rpc_port: int, directory: Path) -> str:
    """Flink's config.yaml: everything on 127.0.0.1; a lost TaskManager is replaced by the other one's free slots."""
    settings = {
        "jobmanager.rpc.address": "127.0.0.1",
        "jobmanager.rpc.port": rpc_port,
        "jobmanager.bind-host": "127.0.0.1",
        "rest.address": "127.0.0.1",
        "rest.bind-address": "127.0.0.1",
        "rest.port": rest_port,
        "taskmanager.host": "127.0.0.1",
        "taskmanager.bind-host": "127.0.0.1",
        "taskmanager.numberOfTaskSlots": 2,
        # Flink's shell scripts derive these from one total; a TaskManager started without them wants every part.
        "taskmanager.cpu.cores": 1.0,
        "taskmanager.memory.framework.heap.size": "128m",
        "taskmanager.memory.task.heap.size": "384m",
        "taskmanager.memory.framework.off-heap.size": "128m",
        "taskmanager.memory.task.off-heap.size": "128m",
        "taskmanager.memory.managed.size": "256m",
        "taskmanager.memory.network.min": "128m",
        "taskmanager.memory.network.max": "128m",
        "taskmanager.memory.jvm-metaspace.size": "256m",
        "taskmanager.memory.jvm-overhead.min": "128m",
        "taskmanager.memory.jvm-overhead.max": "128m",
        "heartbeat.timeout": 10000,
        "heartbeat.interval": 2000,
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": 3,
        "restart-strategy.fixed-delay.delay": "1 s",
        "execution.checkpointing.dir": (directory / "checkpoints").as_uri(),
        "io.tmp.dirs": str(directory / "tmp"),
    }
    return "".join(f"{key}: {value}\n" for key, value in settings.items())


def start(directory: Path) -> dict[str, Any]:
    """Starts the cluster and waits until it can take a job.

    Returns: the state that `stop` needs, also written to `directory/cluster.json`.
    Raises: Unavailable when something cannot be had, RuntimeError when the cluster does not come up (everything is stopped then).
    """
    if (directory / "cluster.json").exists():
        raise RuntimeError(f"a cluster runs already from {directory}: stop it first")
    if not shutil.which("java"):
        raise Unavailable("Java 17 is not installed")
    home = flink_home()
    for part in ("conf", "tmp", "checkpoints"):
        (directory / part).mkdir(parents=True, exist_ok=True)
    rest_port, rpc_port, pool_port = free_ports(3)
    (directory / "conf" / "config.yaml").write_text(configuration(rest_port, rpc_port, directory))
    log4j = "rootLogger.level=INFO\nrootLogger.appenderRef.out.ref=out\nappender.out.type=Console\nappender.out.name=out\nappender.out.layout.type=PatternLayout\n"
    (directory / "conf" / "log4j.properties").write_text(log4j + "appender.out.layout.pattern=%d %-5p %c{1}: %m%n\n")
    state: dict[str, Any] = {"rest": f"127.0.0.1:{rest_port}", "pool": f"127.0.0.1:{pool_port}", "pids": {}}

    def spawn(name: str, command: list[str]) -> None:
        env = os.environ | {
            "FLINK_CONF_DIR": str(directory / "conf"),
            "FLINK_LIB_DIR": str(home / "lib"),
            "FLINK_PLUGINS_DIR": str(home / "plugins"),
        }
        with open(directory / f"{name}.log", "ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env, start_new_session=True)
        state["pids"][name] = process.pid
        (directory / "cluster.json").write_text(json.dumps(state))

    def java(memory: str, main: str, *arguments: str) -> list[str]:
        log = f"-Dlog4j.configurationFile={directory / 'conf' / 'log4j.properties'}"
        return [
            "java",
            f"-Xmx{memory}",
            *JAVA_OPTIONS,
            log,
            "-cp",
            f"{home}/lib/*",
            main,
            "--configDir",
            str(directory / "conf"),
            *arguments,
        ]

    try:
        spawn("jobmanager", java("512m", "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"))
        for number in range(TASK_MANAGERS):
            spawn(f"taskmanager-{number}", java("512m", "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"))
        spawn("workers", [sys.executable, str(Path(__file__).with_name("worker_pool.py")), str(pool_port)])
        _await(state)
    except BaseException:
        stop(directory)
        raise
    return state


def _await(state: dict[str, Any]) -> None:
    deadline = time.monotonic() + START_SECONDS
    host, _, port = state["pool"].partition(":")
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{state['rest']}/overview", timeout=2) as answer:
                taskmanagers = json.load(answer)["taskmanagers"]
            socket.create_connection((host, int(port)), timeout=2).close()
            if taskmanagers == TASK_MANAGERS:
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise RuntimeError(f"the cluster was not ready after {START_SECONDS} s; see the logs beside cluster.json")


def stop(directory: Path) -> None:
    """Ends every process of the cluster; a second call does nothing."""
    state = directory / "cluster.json"
    if not state.exists():
        return
    pids = json.loads(state.read_text())["pids"].values()
    for signal_number, seconds in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        for pid in pids:
            _signal(pid, signal_number)
        deadline = time.monotonic() + seconds
        while any(_alive(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.1)
    state.unlink()


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)


def _alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):  # started by another call of this script
        os.waitpid(pid, os.WNOHANG)
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return False
    return True


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def beam_options(state: dict[str, Any], jar: Path, parallelism: int = TASK_MANAGERS) -> list[str]:
    """The options that send a Beam pipeline to the cluster."""
    return [
        "--runner=FlinkRunner",
        f"--flink_version={FLINK.rpartition('.')[0]}",
        f"--flink_master={state['rest']}",
        f"--flink_job_server_jar={jar}",
        "--environment_type=EXTERNAL",
        f"--environment_config={state['pool']}",
        f"--parallelism={parallelism}",
    ]


def main() -> int:
    """The command line: exit code 0, 1 when the cluster cannot be started."""
    p = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    p.add_argument("command", choices=("start", "stop"))
    p.add_argument("--directory", type=Path, default=cache() / "cluster", help="state and logs of the cluster (default %(default)s)")
    args = p.parse_args()
    directory = args.directory.absolute()
    if args.command == "stop":
        stop(directory)
        return 0
    try:
        jar = beam_jar(JOB_SERVER)
        state = start(directory)
    except RuntimeError as error:
        print(f"flink_cluster: {error}", file=sys.stderr)
        return 1
    print(" ".join(beam_options(state, jar)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
