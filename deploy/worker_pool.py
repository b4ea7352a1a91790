"""A pool of Beam Python workers on loopback, one process per worker: for runners started with `--environment_type=EXTERNAL`.

Beam's own `worker_pool_main` listens on every network address; this one can be reached from this machine only.
Run it as `python deploy/worker_pool.py PORT`; it stops with its workers on SIGTERM.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from apache_beam.portability.api.org.apache.beam.model.fn_execution.v1 import beam_fn_api_pb2 as messages
from apache_beam.portability.api.org.apache.beam.model.fn_execution.v1.beam_fn_api_pb2_grpc import (
    BeamFnExternalWorkerPoolServicer,
    add_BeamFnExternalWorkerPoolServicer_to_server,
)

_CACHE_BYTES = 100 << 20  # of user state and side inputs, as in Beam's own containers
_WORKER = """
import os, sys
from apache_beam.runners.worker.sdk_worker import SdkHarness

address, name, cache, connected = sys.argv[1:]
harness = SdkHarness(address, worker_id=name, state_cache_size=int(cache))
os.write(int(connected), b"!")
os.close(int(connected))
harness.run()
"""


class WorkerPool(BeamFnExternalWorkerPoolServicer):
    """Starts a worker where an engine asks for one.

    A worker ends when its engine closes the connection, and at no other word: two TaskManagers number their workers alike, so that the one
    that asks for the end of its worker "2-1" would get that of the other's.
    """

    def StartWorker(self, request: Any, context: Any) -> Any:
        """Starts a process that takes its work from the address given; answers when it has connected, or with an error when it ended before.

        An engine waits for its worker for ever once it has been told that there is one.
        """
        connected, tell = os.pipe()
        command = [sys.executable, "-c", _WORKER, request.control_endpoint.url, request.worker_id, str(_CACHE_BYTES), str(tell)]
        worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[tell])
        os.close(tell)
        with open(connected, "rb") as answer:
            if not answer.read(1):
                return messages.StartWorkerResponse(error=f"worker {request.worker_id} ended with exit code {worker.wait()}")
        threading.Thread(target=worker.wait, daemon=True).start()  # else it stays as a zombie
        return messages.StartWorkerResponse()

    def StopWorker(self, request: Any, context: Any) -> Any:
        """Nothing: see above."""
        return messages.StopWorkerResponse()


def main(port: int) -> None:
    """Serves until SIGTERM or SIGINT, then ends the workers."""
    if os.getpgid(0) != os.getpid():
        os.setpgid(0, 0)
    server = grpc.server(ThreadPoolExecutor(16))
    add_BeamFnExternalWorkerPoolServicer_to_server(WorkerPool(), server)
    if server.add_insecure_port(f"127.0.0.1:{port}") != port:
        raise SystemExit(f"port {port} is taken")
    server.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    server.stop(0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)


if __name__ == "__main__":
    main(int(sys.argv[1]))
