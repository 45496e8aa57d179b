"""Runs untrusted code of learners in isolation. Standard library only; independent of the rest of the project.

    judge (holds what is expected)                zygote (holds nothing)            learner's process
    pool.Sandboxes -> zygote.Zygote  --request--> inside/zygote.py  --clone3-->     inside/lockdown.py, runner.py
       -> process.SandboxedProcess   <== status, control, stdout, stderr =========>

A `SandboxedProcess` combines a `CommandChannel`, which sends commands and reads replies, and a `Watchdog`, which
enforces time limits. The event loop serves processes until they end; each then has an `Outcome`.

Learners' programs and test modules come from two zygotes, each with a `WarmPool` of its own, so that they share no
memory layout.

All modules in `inside/` run in the sandbox: they are loaded by a bare interpreter with an empty environment, and import
nothing of this package. This side never opens by path what a learner can write to, and treats what it receives through
pipes and sockets as untrusted bytes.

It fails closed: when a step of the setup fails, the process ends before the answer is read, and a host that offers less
than the required isolation level gets `SandboxUnavailable`, never a weaker sandbox. docs/security.md describes what
each level guarantees.
"""
