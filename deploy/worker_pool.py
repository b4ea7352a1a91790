"""A pool of Beam Python workers on loopback, one process per worker: for runners started with `--environment_type=EXTERNAL`.

Beam's own `worker_pool_main` listens on every network address; this one can be reached from this machine only.
Run it as `python deploy/worker_pool.py PORT`; it stops with its workers on SIGTERM.
"""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from apache_beam.portability.api.org.apache.beam.model.fn_execution.v1.beam_fn_api_pb2_grpc import (
    add_BeamFnExternalWorkerPoolServicer_to_server,
)
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer


def main(port: int) -> None:
    """Serves until SIGTERM or SIGINT, then ends the workers."""
    # Beam starts a worker as plain `python`: let that be this interpreter.
    os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")
    if os.getpgid(0) != os.getpid():
        os.setpgid(0, 0)
    server = grpc.server(ThreadPoolExecutor(4))
    add_BeamFnExternalWorkerPoolServicer_to_server(BeamFnExternalWorkerPoolServicer(use_process=True), server)
    if server.add_insecure_port(f"127.0.0.1:{port}") != port:
        raise SystemExit(f"port {port} is taken")
    server.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    server.stop(0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)


if __name__ == "__main__":
    main(int(sys.argv[1]))
