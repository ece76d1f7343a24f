"""A simulated FreeSWITCH: an ESL server and a media websocket client, with simulated customers on its lines.

It behaves, on both sides, as FreeSWITCH 1.11 with the community edition of mod_audio_stream or mod_audio_fork was
observed to, down to what brings the switch down; the bridge's client drives either without knowing which.
`switch.py` starts it, `channel.py` is its core without I/O, `customer.py` the port for who answers.

Not simulated:

- SIP and RTP themselves: no codecs, packet loss, jitter or comfort noise; a channel is 8 kHz L16 inside.
- Outbound event sockets, `myevents`, `linger`, `filter`, XML and JSON events; the dialplan: `originate` only parks, and
  `uuid_transfer` leads to the extensions of `extensions.py`.
- Channel events of no use to a caller: CHANNEL_STATE, CHANNEL_CALLSTATE, CHANNEL_UNBRIDGE, HEARTBEAT and such.
- uuid_broadcast, uuid_fileman, `file_string://`, tone streams, tone_detect.
- Several streams on one channel, and mod_audio_fork's `graceful-shutdown`, marks and basic authentication.
- The agent: no channel of theirs and no music in the queue, and once bridged the customer hears silence until the call
  is hung up. Playing to a transferred channel is accepted and ignored. The times in mod_callcenter's events.
- Playback before the answer, and what is said in early media.
- mod_audio_stream's faults of memory, TLS settings and compression; of its temporary files only raw 8 and 16 kHz and
  wav play, all others are reported as FILE NOT FOUND.
- The half second that `uuid_record` loses.

Assumed, because it was not observed: a dial that is killed before its answer looks like one that timed out, with the
cause it was killed with; a channel that is transferred drops what waited to be played; of nested playbacks a break
ends the innermost; a transfer to an extension the dialplan lacks ends the call as NO_ROUTE_DESTINATION; a websocket
that fails for another reason than a refused connection reports code 6; a two-way module plays 20 ms by 20 ms, up to 60
s ahead, over what the switch plays; mod_audio_fork collects 80 ms first and then 40 ms at a time, as its published
source does, and its bug stays when the server closes. That a queue was left and a bridge failed looks as the sources
of mod_callcenter and FreeSWITCH have it; so does `global_getvar core_uuid`, the Core-UUID of the events. Unicast is
as `switch_ivr.c` has it (`unicast.py`), beyond the sound both ways that was observed; how much `send_silence_when_idle`
harms it is a guess.
"""
