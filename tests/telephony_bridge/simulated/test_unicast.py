"""The park loop of the simulated switch, as the real one's source has it: when it sends, and what brings it down."""

from __future__ import annotations

import pytest

from telephony_bridge.simulated.unicast import SwitchDown, Unicast, UnicastRequest

pytestmark = pytest.mark.unit

REQUEST = UnicastRequest(("127.0.0.1", 12001), ("127.0.0.1", 12000))


def sending() -> Unicast:
    unicast = Unicast()
    unicast.ask(REQUEST)
    assert unicast.turn() == REQUEST
    unicast.opened()
    assert not unicast.sends
    assert unicast.turn() is None
    assert unicast.sends
    return unicast


def test_it_is_asked_for_in_one_turn_and_sends_from_the_next() -> None:
    assert sending().sends


def test_a_port_that_cannot_be_had_is_told_to_nobody_and_harms_nothing() -> None:
    unicast = Unicast()
    unicast.ask(REQUEST)
    unicast.turn()
    assert unicast.turn() is None
    assert not unicast.sends
    assert not unicast.leave()


def test_it_ends_when_the_channel_leaves_the_park_and_may_begin_in_the_next() -> None:
    unicast = sending()
    assert unicast.leave()
    assert not unicast.sends
    unicast.ask(REQUEST)
    unicast.turn()
    unicast.opened()
    unicast.turn()
    assert unicast.sends


def test_asked_twice_in_one_parking_it_brings_the_switch_down_at_the_end() -> None:
    unicast = sending()
    unicast.ask(REQUEST)
    unicast.turn()
    unicast.opened()
    assert unicast.turn() is None
    with pytest.raises(SwitchDown):
        unicast.leave()
    assert not unicast.leave(), "and once only"


def test_asked_again_after_a_file_has_ended_it_brings_the_switch_down_too() -> None:
    unicast = sending()
    assert unicast.end()
    unicast.ask(REQUEST)
    unicast.turn()
    unicast.opened()
    with pytest.raises(SwitchDown):
        unicast.turn()


def test_a_hang_up_in_the_very_turn_that_opens_it_brings_the_switch_down() -> None:
    unicast = Unicast()
    unicast.ask(REQUEST)
    unicast.turn()
    unicast.opened()
    with pytest.raises(SwitchDown):
        unicast.leave()


def test_what_a_message_leaves_out_is_as_the_switch_has_it() -> None:
    assert UnicastRequest.of({}) == UnicastRequest(("127.0.0.1", 8025), ("127.0.0.1", 8026))
    assert UnicastRequest.of({"local-port": "x", "remote-ip": "10.0.0.5"}).local[1] == 0
