"""Running a learner's code where it can harm nobody. Standard library only; knows nothing of the rest of the project.

    judge (holds what is expected)                zygote (holds nothing)            learner's process
    pool.Sandboxes -> zygote.Zygote  --request--> inside/zygote.py  --clone3-->     inside/lockdown.py, runner.py
                   -> run.Run        <== status, control, stdout, stderr ==========>

Learners' programs and test modules come from two zygotes (supply.Supply), so that they share no memory layout.

Everything below `inside/` runs on the other side of the wall: it is loaded by a bare interpreter with an empty
environment, and imports nothing of this package. Nothing that a learner can write to is ever opened by path here; what
comes back through pipes and sockets is bytes of a stranger.

It fails closed: a step of the setup that does not work ends the run before the answer is read, and a host that offers
less than the wanted isolation level gets `SandboxUnavailable`, never a weaker sandbox. docs/security.md says what is
promised at which level.
"""
