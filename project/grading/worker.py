"""The worker: it grades submissions and rejudges from the queue, and finds those that were lost with their process.

Any number of workers may run, on any number of machines. One that gets a signal to stop finishes what it has begun.
If one is killed, the others notice, and grade again what it had begun.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import procrastinate
import psycopg
import sqlalchemy as sa
import structlog
from flask import Flask
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job, Status
from werkzeug.utils import import_string

from project import config, create_app
from project.api.rejudges import tasks as rejudge_tasks
from project.api.submissions import tasks
from project.api.submissions.retention import OldTexts
from project.api.summaries import tasks as summary_tasks
from project.extensions import db
from project.grading.local_judge import judge_of
from project.operations import readiness
from project.postgres import job_queue
from project.postgres.database import CONNECT_SECONDS, prepare_options, session_url
from project.sandbox.errors import SandboxUnavailable

HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0  # without a heartbeat
PAUSE_SECONDS = 2.0  # after trouble with the database or the sandbox
CONNECTIONS = 4  # for the jobs' own statements, beside those of the sessions
DATABASE_TROUBLE = (ConnectorException, psycopg.Error, sa.exc.SQLAlchemyError)

log = structlog.get_logger()

_queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
for blueprint in (tasks.blueprint, rejudge_tasks.blueprint):
    _queue.add_tasks_from(blueprint, namespace=job_queue.NAMESPACE)


def work(slots: int | None = None) -> None:
    """Work until a signal to stop, on so many submissions at once; by default on WORKER_CONCURRENCY."""
    slots = slots or import_string(config.selected()).WORKER_CONCURRENCY
    # Each thread that grades needs a connection at times, and so does the sweep.
    Worker(create_app(GRADING_SLOTS=slots, WEB_THREADS=slots + 1)).run()


class RequirementMissing(Exception):
    """Something that grading needs is missing."""


class Worker:
    """One process's worker. It grades up to GRADING_SLOTS submissions at once."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._judge = judge_of(app)
        self._slots: int = app.config["GRADING_SLOTS"]
        self._stopping = asyncio.Event()
        self._logged = ""  # the last trouble
        self._old_texts = OldTexts()

    def run(self) -> None:
        """Work until SIGTERM, SIGINT or SIGHUP; then finish what runs."""
        logging.getLogger("procrastinate").setLevel(logging.WARNING)  # or it logs three lines for each job
        asyncio.run(self._run())
        self._judge.close()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(self._slots + 2))
        for stop_signal in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(stop_signal, self._stopping.set)
        while not self._stopping.is_set():
            try:
                await asyncio.to_thread(self._in_context, self._prepare)
                self._logged = ""
                await self._work()
            except RequirementMissing as error:
                self._log_once("worker_waits", str(error))
            except DATABASE_TROUBLE as error:
                self._log_once("worker_lost_its_database", " ".join(str(error.__cause__ or error).split()))
            await self._pause(PAUSE_SECONDS)

    def _prepare(self) -> None:
        """Start the database, where it is the embedded one, and the sandboxes."""
        with db.engine.connect():
            pass
        if missing := readiness.missing_in_database():
            raise RequirementMissing(str(missing))
        try:
            self._judge.start()
        except SandboxUnavailable as error:
            raise RequirementMissing(f"sandbox: {error}") from None

    async def _work(self) -> None:
        """Run jobs until a signal to stop, or until the database is lost."""
        with _queue.replace_connector(self._connector()) as queue:
            async with queue.open_async():
                log.info("worker_started", pid=os.getpid(), slots=self._slots)
                working = asyncio.create_task(
                    queue.run_worker_async(
                        concurrency=self._slots,
                        delete_jobs=DeleteJobCondition.ALWAYS,  # our own tables keep the result
                        install_signal_handlers=False,
                        update_heartbeat_interval=HEARTBEAT_SECONDS,
                        stalled_worker_timeout=STALLED_SECONDS,
                        task_middleware=[self._with_context],
                    )
                )
                helpers = [asyncio.create_task(self._sweep(queue)), asyncio.create_task(self._stopping.wait())]
                await asyncio.wait([working, *helpers], return_when=asyncio.FIRST_COMPLETED)
                for task in (working, *helpers):
                    task.cancel()
                for ended in await asyncio.gather(working, *helpers, return_exceptions=True):
                    if isinstance(ended, Exception):
                        raise ended

    def _connector(self) -> procrastinate.PsycopgConnector:
        return procrastinate.PsycopgConnector(
            # Without a pooler, since it listens for new jobs.
            conninfo=job_queue.conninfo(session_url(self._app.config)),
            min_size=1,
            max_size=CONNECTIONS,
            kwargs={
                "application_name": "eval-worker",
                "connect_timeout": CONNECT_SECONDS,
                **prepare_options(self._app.config),
            },
        )

    async def _sweep(self, queue: procrastinate.App) -> None:
        """Find lost submissions every SWEEP_SECONDS, also after failures of the database."""
        while True:
            try:
                stalled = list(await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
                await asyncio.to_thread(self._in_context, partial(self._recover, stalled))
                for job in stalled:
                    await self._delete_job(queue, job)
                await asyncio.to_thread(self._judge.status)  # checks the sandboxes also while nothing is graded
            except DATABASE_TROUBLE as error:
                self._log_once("sweep_failed", " ".join(str(error.__cause__ or error).split()))
            await asyncio.sleep(self._app.config["SWEEP_SECONDS"])

    def _recover(self, stalled: list[Job]) -> None:
        for job in stalled:
            tasks.release(job.task_name, job.task_kwargs)
        tasks.sweep()
        tasks.delete_old_texts(self._old_texts)
        rejudge_tasks.sweep()
        summary_tasks.fold()

    @staticmethod
    async def _delete_job(queue: procrastinate.App, job: Job) -> None:
        with suppress(ConnectorException):  # another worker has deleted it
            await queue.job_manager.finish_job(job, Status.FAILED, delete_job=True)

    def _with_context(self, call: Callable[[], Any], *_: object) -> Any:
        return self._in_context(call)

    def _in_context(self, call: Callable[[], Any]) -> Any:
        with self._app.app_context():
            return call()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    def _log_once(self, event: str, trouble: str) -> None:
        """Log trouble once, however long it lasts."""
        if trouble != self._logged:
            log.error(event, error=trouble)
        self._logged = trouble
