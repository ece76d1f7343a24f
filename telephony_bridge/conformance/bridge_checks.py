"""The checks of our bridge, in the order in which they are tried: a switch played against it. Data only."""

from __future__ import annotations

from telephony_bridge.conformance.check import Check

_BUG = "this is a defect of the bridge: keep the report (--json) and tell the makers"

BRIDGE_CHECKS: tuple[Check, ...] = (
    Check("BR-01", "the bridge says where no switch listens, and what to set", _BUG),
    Check("BR-02", "the bridge says that the password is wrong, and never what it is", _BUG),
    Check("BR-03", "the bridge connects and subscribes", _BUG),
    Check("BR-04", "a number that would change the command is not dialled", _BUG, ("BR-03",)),
    Check("BR-05", "each SIP answer fails with the status and fault that docs/freeswitch.md names", _BUG, ("BR-03",)),
    Check("BR-06", "a dial that nobody answers ends as no answer", _BUG, ("BR-03",)),
    Check("BR-07", "a gateway that does not exist is our misconfiguration", _BUG, ("BR-03",)),
    Check("BR-08", "an answered call gets its stream, and its metadata unharmed", _BUG, ("BR-03",)),
    Check("BR-09", "a stream with a wrong token, of an unknown call or a second one is refused", _BUG, ("BR-08",)),
    Check("BR-10", "a prompt is played to its end, and all of it counts as heard", _BUG, ("BR-08",)),
    Check("BR-11", "two prompts are played one after the other, in order", _BUG, ("BR-10",)),
    Check("BR-12", "a stop ends the prompt, drops the queue, and says how much was heard", _BUG, ("BR-10",)),
    Check("BR-13", "the callee hears us", _BUG, ("BR-10",)),
    Check("BR-14", "a prompt that is not there is a problem, and the next one plays", _BUG, ("BR-10",)),
    Check("BR-15", "keys are told of in order, and then that the customer hung up", _BUG, ("BR-08",)),
    Check("BR-16", "our hang-up is told of as ours, and the stream ends with a goodbye", _BUG, ("BR-08",)),
    Check("BR-17", "a stream that breaks is told of, and starts again", _BUG, ("BR-08",)),
    Check("BR-18", "an oversized message ends that stream alone, and it starts again", _BUG, ("BR-08",)),
    Check("BR-19", "a message of half a sample ends that stream alone, and it starts again", _BUG, ("BR-08",)),
    Check("BR-20", "audio at twice the rate ends that stream alone, and it starts again", _BUG, ("BR-08",)),
    Check("BR-21", "control that breaks is told of, comes back, and the call plays", _BUG, ("BR-10",)),
    Check("BR-22", "a channel that vanished while control was lost is told of as gone", _BUG, ("BR-08",)),
    Check("BR-23", "a hand-over that an agent takes is told of", _BUG, ("BR-08",)),
    Check("BR-24", "a hand-over that nobody takes says why, and the call plays again", _BUG, ("BR-10",)),
    Check("BR-25", "a hand-over to a queue that does not exist is told of as the end of the call", _BUG, ("BR-08",)),
    Check("BR-27", "a call that comes in is told of, answered, and gets its stream", _BUG, ("BR-08",)),
    Check("BR-28", "a call that comes in and is refused was never answered", _BUG, ("BR-27",)),
    Check("BR-29", "a call that comes in while control is lost is found afterwards", _BUG, ("BR-27",)),
    Check("BR-30", "a caller who hangs up before the answer is told of as gone", _BUG, ("BR-27",)),
    Check("BR-31", "a stream that is held up and then sends all at once goes on", _BUG, ("BR-08",)),
    Check("BR-32", "unicast: packets from another port than the switch's are not heard", _BUG, ("BR-08",)),
    Check(
        "BR-33",
        "unicast: audio that does not come is asked for once more, without harm to the switch",
        _BUG,
        ("BR-08",),
    ),
    Check("BR-34", "unicast: what is said once a colleague has the call does not reach us", _BUG, ("BR-23",)),
    Check("BR-26", "a switch that dies is told of to its calls, and new dials are refused", _BUG, ("BR-08",)),
)
