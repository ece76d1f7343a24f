"""The checks of a switch, in the order in which they are tried: our side played against it. Data only."""

from __future__ import annotations

from telephony_bridge.conformance.check import Check

SWITCH_CHECKS: tuple[Check, ...] = (
    Check(
        "SW-01",
        "the event socket greets and asks for the password",
        "let FreeSWITCH listen there (event_socket.conf.xml), and admit this machine in apply-inbound-acl",
    ),
    Check(
        "SW-02",
        "the event socket takes the password",
        "give --password as it stands in event_socket.conf.xml",
        ("SW-01",),
    ),
    Check(
        "SW-03",
        "the event socket refuses a wrong password",
        "set a password in event_socket.conf.xml: whoever reaches the port controls the switch",
        ("SW-02",),
    ),
    Check(
        "SW-04",
        "an api command answers, and says which switch this is",
        "use a FreeSWITCH 1.10 or later",
        ("SW-02",),
    ),
    Check(
        "SW-05",
        "an unknown command is refused with -ERR",
        "use a FreeSWITCH 1.10 or later: the bridge tells a failure by -ERR",
        ("SW-02",),
    ),
    Check(
        "SW-06",
        "the events the bridge lives on can be subscribed to",
        "use a FreeSWITCH 1.10 or later with plain events",
        ("SW-02",),
    ),
    Check(
        "SW-07",
        "a background command reports its result as an event",
        "see the switch's log for what became of the job: no dial works without its event",
        ("SW-06",),
    ),
    Check(
        "SW-08",
        "the streaming module of the dialect is loaded, where it needs one",
        "load the module in modules.conf.xml, or give another --dialect",
        ("SW-02",),
    ),
    Check(
        "SW-09",
        "a dial over a gateway that does not exist fails as misconfigured",
        "load mod_sofia",
        ("SW-07",),
    ),
    Check(
        "SW-10",
        "a dial is answered on a channel with the uuid we chose",
        "see that the gateway of --dial-string is registered and that --number answers",
        ("SW-07",),
    ),
    Check(
        "SW-11",
        "a refused dial fails with a status and whose fault it is",
        "see docs/freeswitch.md, Hang-up causes: the carrier may send an answer that is not in the table",
        ("SW-07",),
    ),
    Check(
        "SW-12",
        "a dial that nobody answers ends at our ring timeout as no answer",
        "see that --silent-number rings, and that no voicemail picks up",
        ("SW-07",),
    ),
    Check(
        "SW-13",
        "the call's audio is streamed to us",
        "see that the switch reaches --media-url, and that no firewall is between; for unicast see the switch's log",
        ("SW-08", "SW-10"),
    ),
    Check(
        "SW-14",
        "the metadata of the stream comes unharmed",
        "use a version of the module named in docs/freeswitch.md, section 2",
        ("SW-13",),
    ),
    Check(
        "SW-15",
        "the switch says by event that the stream is connected",
        "see that --dialect names the module that streams",
        ("SW-06", "SW-13"),
    ),
    Check(
        "SW-16",
        "each message of audio is a whole number of 20 ms frames",
        "use a version of the module named in docs/freeswitch.md, section 2",
        ("SW-13",),
    ),
    Check(
        "SW-17",
        "audio comes at 8000 samples a second",
        "see that nothing else starts a stream on the channel, and that the switch is not overloaded",
        ("SW-13",),
    ),
    Check(
        "SW-18",
        "a prompt is played to its end, and all of it counts as heard",
        "share the prompt folder with the switch (--prompts, --prompts-on-switch), readable to its user",
        ("SW-13",),
    ),
    Check(
        "SW-19",
        "two prompts are played one after the other, in order",
        "use a FreeSWITCH that honours event-lock",
        ("SW-18",),
    ),
    Check(
        "SW-20",
        "a stop ends the prompt, drops the queue, and says how much was heard",
        "use a FreeSWITCH whose uuid_break takes `all`",
        ("SW-18",),
    ),
    Check(
        "SW-21",
        "the switch counts what was heard in playback_last_offset_pos",
        "use a FreeSWITCH 1.10 or later: without it, what was heard is not known after an interruption",
        ("SW-20",),
    ),
    Check(
        "SW-22",
        "a prompt that is not there is reported and not played",
        "use a FreeSWITCH that reports FILE NOT FOUND in Application-Response",
        ("SW-06", "SW-10"),
    ),
    Check(
        "SW-23",
        "the callee hears us: the tone comes back from an echo number",
        "see that RTP flows both ways; a module that is not two-way takes mod_audio_fork_two_way and plays nothing",
        ("SW-18",),
    ),
    Check(
        "SW-24",
        "keys the callee presses are told of",
        "agree with the carrier on RFC 2833 events (dtmf-type in the profile)",
        ("SW-10",),
    ),
    Check(
        "SW-25",
        "after a cut of the event socket the call is found again and plays",
        "see that the switch takes a second connection at once",
        ("SW-18",),
    ),
    Check(
        "SW-26",
        "a stream that ends early is told of, and can be started again",
        "see the module's log; the bridge stops and starts a stream that stayed attached",
        ("SW-15",),
    ),
    Check(
        "SW-32",
        "unicast can be started again once the call was parked anew",
        "see the switch's log: its port may be in use; where the switch died, do not use unicast on this version",
        ("SW-18",),
    ),
    Check(
        "SW-27",
        "we hang up, and the switch says that it was us",
        "see that CHANNEL_HANGUP_COMPLETE carries sip_hangup_disposition",
        ("SW-10",),
    ),
    Check(
        "SW-28",
        "the stream ends with the call, with a goodbye",
        "see the module's log: it should close the websocket at hang-up",
        ("SW-26", "SW-27"),
    ),
    Check(
        "SW-29",
        "a transfer to a queue that does not exist is told of as a failure or the end of the call",
        "see that no catch-all extension of the dialplan answers --missing-queue",
        ("SW-27",),
    ),
    Check(
        "SW-30",
        "no channel of ours is left behind",
        "end the channel that is named with uuid_kill, and see the switch's log for what kept it",
        ("SW-10",),
    ),
    Check(
        "SW-31",
        "the switch tells its Core-UUID, by which a restart is noticed",
        "use a FreeSWITCH 1.10 or later: without it, calls lost in a restart end without a reason",
        ("SW-02",),
    ),
)
