"""What it costs to listen to a call: pipecat's pipeline beside our ears, with the same callers in the same run.

`python -m benchmarks.pipecat_comparison`. pipecat is installed into an environment of its own under `var/`; it is no
part of the product. Each server is a process, its callers are another one; what is compared is the server's own CPU
time, so that other programs on the machine matter little. Nobody recognises, answers or speaks.
"""
