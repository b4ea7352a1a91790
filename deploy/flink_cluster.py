"""Starts and stops a Flink cluster on loopback: a JobManager, two TaskManagers, Beam's job server and a pool of Beam Python workers.

    python deploy/flink_cluster.py start     # prints the options that send `khabar ingest` there
    python deploy/flink_cluster.py stop

Needs Java 17, Maven and the package registries: Flink comes from PyPI, the job server from Maven Central. What has an
option for it listens on 127.0.0.1 only; Beam's job server and the TaskManagers' ports for workers take every address: let a firewall close them.
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

from job_server import JAVA_OPTIONS, cache, fetch, free_ports, jars, job_server

FLINK = "1.19.3"
TASK_MANAGERS = 2
START_SECONDS = 180
_JOB_SECONDS = 7 * 24 * 3600  # how long the client listens for the end of its job
_MAIN = {
    "jobmanager": "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
    "taskmanager": "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
}
# Direct memory of a TaskManager: the off-heap and network parts of `configuration`, of which Flink's own start scripts tell the JVM the sum.
_MEMORY = {"jobmanager": ["-Xmx768m"], "taskmanager": ["-Xmx768m", "-XX:MaxDirectMemorySize=768m", "-XX:MaxMetaspaceSize=384m"]}
# What the job server's class path has of Flink's client, and the distribution holds itself.
_FLINKS_OWN = ("flink-", "slf4j-")
_LOG4J = """rootLogger.level=INFO
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %-5p %c{1}: %m%n
"""


def flink_home() -> Path:
    """The unpacked Flink distribution, fetched from PyPI when it is not in the cache yet (230 MB)."""
    home = cache() / f"flink-{FLINK}"
    if not home.is_dir():
        part = home.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(part)]
        fetch([*pip, f"apache-flink-libraries=={FLINK}"], "Flink from PyPI")
        part.rename(home)
    return home / "pyflink"


def configuration(rest_port: int, rpc_port: int, directory: Path) -> str:
    """Flink's config.yaml: everything on 127.0.0.1; work is spread over the TaskManagers, and one alone has slots enough for all of it."""
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
        "cluster.evenly-spread-out-slots": "true",
        "classloader.resolve-order": "parent-first",
        # Flink's shell scripts derive these from one total; a TaskManager started without them wants every part.
        "taskmanager.cpu.cores": 1.0,
        "taskmanager.memory.framework.heap.size": "128m",
        "taskmanager.memory.task.heap.size": "640m",
        "taskmanager.memory.framework.off-heap.size": "128m",
        "taskmanager.memory.task.off-heap.size": "128m",
        "taskmanager.memory.managed.size": "256m",
        "taskmanager.memory.network.min": "512m",
        "taskmanager.memory.network.max": "512m",
        "taskmanager.memory.jvm-metaspace.size": "384m",
        "taskmanager.memory.jvm-overhead.min": "128m",
        "taskmanager.memory.jvm-overhead.max": "128m",
        "heartbeat.interval": 2000,  # two that cannot be sent tell that a TaskManager is dead; a slow one has Flink's 50 s to answer
        "restart-strategy.type": "fixed-delay",
        "restart-strategy.fixed-delay.attempts": 6,
        "restart-strategy.fixed-delay.delay": "5 s",
        "state.checkpoints.dir": (directory / "checkpoints").as_uri(),
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
    rest, rpc, pool, job = free_ports(4)
    serve = job_server("flink", job, directory / "artifacts", f"--flink-master=127.0.0.1:{rest}")
    flink_home()
    for part in ("conf", "tmp", "checkpoints"):
        (directory / part).mkdir(parents=True, exist_ok=True)
    (directory / "conf" / "config.yaml").write_text(configuration(rest, rpc, directory))
    (directory / "conf" / "log4j.properties").write_text(_LOG4J)
    state: dict[str, Any] = {"rest": f"127.0.0.1:{rest}", "pool": f"127.0.0.1:{pool}", "job": f"127.0.0.1:{job}", "pids": {}}
    try:
        _spawn(directory, state, "jobmanager", _flink(directory, "jobmanager"))
        for number in range(TASK_MANAGERS):
            start_task_manager(directory, state, number)
        _spawn(directory, state, "job-server", serve)
        _spawn(directory, state, "workers", [sys.executable, str(Path(__file__).with_name("worker_pool.py")), str(pool)])
        wait_until_ready(state)
    except BaseException:
        stop(directory)
        raise
    return state


def start_task_manager(directory: Path, state: dict[str, Any], number: int) -> None:
    """Starts TaskManager `number`, the first time or after its end."""
    _spawn(directory, state, f"taskmanager-{number}", _flink(directory, "taskmanager"))


def _flink(directory: Path, kind: str) -> list[str]:
    # Beam's classes come from the cluster's own class path: only then do its workers outlive a stage of the job.
    beam = [str(jar) for jar in sorted(jars("flink").glob("*.jar")) if not jar.name.startswith(_FLINKS_OWN)]
    class_path = ":".join([f"{flink_home()}/lib/*", *beam])
    log = f"-Dlog4j.configurationFile={directory}/conf/log4j.properties"
    return ["java", *_MEMORY[kind], *JAVA_OPTIONS, log, "-cp", class_path, _MAIN[kind], "--configDir", f"{directory}/conf"]


def _spawn(directory: Path, state: dict[str, Any], name: str, command: list[str]) -> None:
    environment = os.environ | {"FLINK_CONF_DIR": f"{directory}/conf", "FLINK_PLUGINS_DIR": f"{flink_home()}/plugins"}
    with open(directory / f"{name}.log", "ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment, start_new_session=True)
    state["pids"][name] = process.pid
    (directory / "cluster.json").write_text(json.dumps(state))


def wait_until_ready(state: dict[str, Any]) -> None:
    """Returns when all TaskManagers have registered and the job server and the worker pool listen; raises RuntimeError when they do not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{state['rest']}/overview", timeout=2) as answer:
                taskmanagers = json.load(answer)["taskmanagers"]
            for service in ("pool", "job"):
                host, _, port = state[service].partition(":")
                socket.create_connection((host, int(port)), timeout=2).close()
            if taskmanagers == TASK_MANAGERS:
                return
        except OSError:
            pass
        if ended := [name for name, pid in state["pids"].items() if not _alive(pid)]:
            raise RuntimeError(f"{ended[0]} ended at once; see the logs beside cluster.json")
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


def beam_options(state: dict[str, Any], parallelism: int = TASK_MANAGERS) -> list[str]:
    """The options that send a Beam pipeline to the cluster."""
    return [
        "--runner=PortableRunner",
        f"--job_endpoint={state['job']}",
        f"--job_server_timeout={_JOB_SECONDS}",
        "--environment_type=EXTERNAL",
        f"--environment_config={state['pool']}",
        # A Python worker serves all stages of a job; without this each stage starts workers of its own. The time is shorter than the delay
        # of a restart (`configuration`), so that what restarts finds new workers where one has died.
        "--environment_cache_millis=3000",
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
        state = start(directory)
    except RuntimeError as error:
        print(f"flink_cluster: {error}", file=sys.stderr)
        return 1
    print(" ".join(beam_options(state)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
