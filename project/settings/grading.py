"""The settings of the server's processes and of grading, as a part of every configuration. Standard library only."""

import os

from project.settings.declarations import number, setting

CORES = os.cpu_count() or 1


class GradingSettings:
    """How many processes there are, and what grading may take."""

    WEB_WORKERS = setting(
        "WEB_WORKERS",
        min(CORES, 8),
        number(1, 256),
        "Server processes.",
        shown="one per core, at most 8",
    )
    WEB_THREADS = setting(
        "WEB_THREADS",
        # All processes together stay below 100 connections, PostgreSQL's default limit.
        max(4, min(8, 32 // WEB_WORKERS)),
        number(1, 256),
        "Threads of each process. It has at most 2.5 times as many connections to the database.",
        shown="32 / WEB_WORKERS, from 4 to 8",
    )
    RATE_LIMIT_GRADING = setting(
        "RATE_LIMIT_GRADING",
        "10 per minute",
        str,
        "Submissions and evaluations of one learner. Graders and admins are not counted.",
    )
    SANDBOX_MIN_LEVEL = setting(
        "SANDBOX_MIN_LEVEL",
        2,
        number(1, 3),
        "The lowest isolation level for learners' code; if the host offers less, nothing is graded.",
    )
    GRADING_SLOTS = setting(
        "GRADING_SLOTS",
        max(1, CORES // WEB_WORKERS),
        number(1, 256),
        "Submissions that a server process grades at once; further ones are queued for the workers.",
        shown="cores / WEB_WORKERS, at least 1",
    )
    GRADING_RUNNING_PER_LEARNER = setting(
        "GRADING_RUNNING_PER_LEARNER",
        1,
        number(1, 1000),
        "Submissions of one learner that may be queued or running at once. Graders and admins are not counted.",
    )
    EXERCISE_MAX_BYTES = setting(
        "EXERCISE_MAX_BYTES",
        50_331_648,
        number(1, 1_073_741_824),
        "Bytes of an exercise that an admin saves or checks, with the inputs of its cases; MAX_CONTENT_LENGTH does "
        "not apply to it.",
    )
    GRADING_MAX_CPU_MS = setting(
        "GRADING_MAX_CPU_MS",
        10_000,
        number(100, 600_000),
        "The highest CPU time that an exercise may allow for one test case, in milliseconds.",
    )
    GRADING_MAX_MEMORY_MIB = setting(
        "GRADING_MAX_MEMORY_MIB",
        1024,
        number(64, 65_536),
        "The most memory that an exercise may allow for one test case, in MiB.",
    )
    PROGRAM_CACHE_MIB = setting(
        "PROGRAM_CACHE_MIB",
        256,
        number(0, 1_048_576),
        "Disk space for compiled programs in DATA_DIR, in MiB: the same answer is compiled once. 0 keeps none.",
    )
    GRADING_SUBMISSION_SECONDS = setting(
        "GRADING_SUBMISSION_SECONDS",
        45,
        number(1, 3600),
        "The time limit of all test cases of one submission together.",
    )
    GRADING_LEASE_SECONDS = setting(
        "GRADING_LEASE_SECONDS",
        GRADING_SUBMISSION_SECONDS + 10,
        number(1, 7200),
        "A submission that is still running after so long counts as lost, and is queued again.",
        shown="GRADING_SUBMISSION_SECONDS + 10",
    )
    GRADING_MAX_RUNS = setting(
        "GRADING_MAX_RUNS",
        3,
        number(1, 100),
        "A submission whose process died so often ends as sandbox_error.",
    )
    GRADING_QUEUE_SECONDS = setting(
        "GRADING_QUEUE_SECONDS",
        900,
        number(1, 604_800),
        "Once a submission has been queued for so long, new ones that would come after it are refused with 503.",
    )
    SUBMISSION_TEXT_DAYS = setting(
        "SUBMISSION_TEXT_DAYS",
        0,
        number(0, 36_500),
        "After so many days workers delete the output, errors and results of a submission; 0 keeps them. Answers, "
        "verdicts and points are kept.",
    )
    WORKER_PROCESSES = setting(
        "WORKER_PROCESSES",
        1,
        number(0, 64),
        "Grading workers that the server starts beside its own processes; 0 if workers run on other machines.",
    )
    WORKER_CONCURRENCY = setting(
        "WORKER_CONCURRENCY",
        CORES,
        number(1, 256),
        "Submissions that one worker grades at once.",
        shown="one per core",
    )
    SWEEP_SECONDS = setting(
        "SWEEP_SECONDS",
        5.0,
        number(0.1, 3600.0),
        "How often each worker checks for lost submissions.",
    )
