"""What a test asks of a running Flink cluster, and does to it."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flink_cluster as deploy
import psutil


@dataclass
class FlinkCluster:
    """A cluster that deploy/flink_cluster.py has started."""

    directory: Path
    state: dict[str, Any]

    def ask(self, path: str) -> Any:
        """The answer of Flink's REST interface."""
        with urllib.request.urlopen(f"http://{self.state['rest']}{path}", timeout=30) as answer:
            return json.load(answer)

    def last_job(self) -> dict[str, Any]:
        """Flink's description of the job that came last."""
        job: dict[str, Any] = max(self.ask("/jobs/overview")["jobs"], key=lambda job: job["start-time"])
        return job

    def end_last_job(self) -> None:
        """Cancels the job that came last."""
        request = urllib.request.Request(f"http://{self.state['rest']}/jobs/{self.last_job()['jid']}", method="PATCH")
        urllib.request.urlopen(request, timeout=30).close()

    def failures(self) -> int:
        """How many times something of the last job failed."""
        return len(self.ask(f"/jobs/{self.last_job()['jid']}/exceptions")["exceptionHistory"]["entries"])

    def shares(self, stage: str) -> dict[str, int]:
        """Rows that each TaskManager, and so each Python worker, gave out in the stage of the last job whose name has `stage` in it."""
        job = self.last_job()["jid"]
        [vertex] = [v for v in self.ask(f"/jobs/{job}")["vertices"] if v["name"].startswith("MapPartition") and stage in v["name"]]
        task_managers = self.ask(f"/jobs/{job}/vertices/{vertex['id']}/taskmanagers")["taskmanagers"]
        return {t["taskmanager-id"]: t["metrics"]["write-records"] for t in task_managers}

    def shuffled_bytes(self) -> int:
        """Bytes that the last job sent through its shuffles: what the stages behind them read."""
        job = self.ask(f"/jobs/{self.last_job()['jid']}")
        behind = {
            node["id"]
            for node in job["plan"]["nodes"]
            if node.get("inputs") and all(i["ship_strategy"].startswith(("Hash", "Rebalance", "Redistribute")) for i in node["inputs"])
        }
        return sum(vertex["metrics"]["read-bytes"] for vertex in job["vertices"] if vertex["id"] in behind)

    def workers(self) -> list[psutil.Process]:
        """The Python workers that have taken up work: they are connected to one port of the engine for orders and to another for data."""
        return [worker for worker in psutil.Process(self.state["pids"]["workers"]).children() if len(_connected(worker)) > 1]

    def kill_worker(self) -> None:
        """Kills one Python worker."""
        self.workers()[0].kill()

    def kill_task_manager(self) -> None:
        """Kills one TaskManager."""
        os.killpg(self.state["pids"]["taskmanager-1"], signal.SIGKILL)

    def mend(self) -> None:
        """Starts the TaskManager again that `kill_task_manager` has killed."""
        deploy.start_task_manager(self.directory, self.state, 1)
        deploy.wait_until_ready(self.state)


def _connected(process: psutil.Process) -> set[int]:
    """The ports that the process is connected to."""
    try:
        return {c.raddr.port for c in process.net_connections() if c.status == psutil.CONN_ESTABLISHED}
    except psutil.Error:  # it has ended
        return set()
