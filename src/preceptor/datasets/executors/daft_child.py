"""The process in which Daft runs: it does the jobs that it is sent, writes what each gave, and ends at once."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

from preceptor.core.errors import PreceptorError
from preceptor.core.files import whole_file
from preceptor.datasets.executors.daft_job import DaftJob, DaftOutcome


def main(cluster: str) -> None:
    """Do the jobs that stand on the standard input, a line each: the file of the job, and that of its outcome."""
    import daft  # noqa: PLC0415 - an extra

    # What Daft, Ray and their workers print must not look like our answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if cluster:
        daft.set_runner_ray(cluster)
    else:
        daft.set_runner_native()
    for line in sys.stdin:
        asked, answered = line.rstrip("\n").split("\t")
        # The process that started this one has just written it, into a folder that only its user can read.
        job: DaftJob = pickle.loads(Path(asked).read_bytes())  # noqa: S301 - see above
        with whole_file(Path(answered)) as stream:
            stream.write(pickle.dumps(_outcome(job)))
        answers.write("done\n")
        answers.flush()


def _outcome(job: DaftJob) -> DaftOutcome:
    try:
        return DaftOutcome(given=job.run())
    except PreceptorError as error:
        return DaftOutcome(error=error)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    finally:
        if sys.exc_info()[0] is not None:
            sys.excepthook(*sys.exc_info())
        sys.stdout.flush()
        sys.stderr.flush()
        # Without the interpreter's own end, at which Daft 0.7.26 was seen to crash in 7 of 294 runs.
        os._exit(1 if sys.exc_info()[0] is not None else 0)
