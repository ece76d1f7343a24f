"""The files that an operator copies, held against each other and against what the bridge sends and understands."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.settings import ROOT, Settings, SwitchSettings, load_settings
from dialogue.script import load_script
from telephony_bridge.freeswitch_leg import INCOMING
from telephony_bridge.hand_over_causes import RESULT
from telephony_bridge.line_status import HandOverFailure
from telephony_bridge.originate import BASE_VARIABLES, check_caller_id, check_dial_string, transfer
from tests.deploy.dialplan import actions

pytestmark = pytest.mark.unit

DEPLOY = ROOT / "deploy"
DIALPLAN = DEPLOY / "freeswitch" / "dialplan" / "default" / "voicebot.xml"
PUBLIC = DEPLOY / "freeswitch" / "dialplan" / "public" / "voicebot.xml"
CONFIGS = DEPLOY / "freeswitch" / "autoload_configs"

QUEUES = sorted(
    queue
    for script in (ROOT / "dialogue" / "scripts").glob("*/script.yml")
    for queue in load_script(script.parent).queues
)
PARK = ("park", "")
LEFT_BY = {"answered": [("hangup", "NORMAL_CLEARING")], "cancel": [PARK], "": [("set", f"{RESULT}=unreachable"), PARK]}
"""What mod_callcenter leaves in `cc_cause`, and where it must lead: parked, a call is ours again."""


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("VOICEBOT_SWITCH__PASSWORD", "of the environment")
    return load_settings(DEPLOY / "voicebot.toml")


def params(element: ElementTree.Element) -> dict[str, str]:
    return {one.attrib["name"]: one.attrib["value"] for one in element.iter("param")}


def extension_of(settings: Settings, queue: str) -> str:
    extension, dialplan, context = settings.queues[queue].split()
    assert (dialplan, context) == ("XML", DIALPLAN.parent.name)
    return extension


def test_the_event_socket_is_where_the_settings_look_for_it_and_open_to_this_machine_only(settings: Settings) -> None:
    socket = params(ElementTree.parse(CONFIGS / "event_socket.conf.xml").getroot())
    assert (socket["listen-ip"], socket["listen-port"]) == (settings.switch.host, str(settings.switch.port))
    assert ipaddress.ip_address(socket["listen-ip"]).is_loopback
    assert socket["apply-inbound-acl"] == "loopback.auto"
    assert socket["password"] != SwitchSettings().password.get_secret_value()  # known to everybody


def test_the_settings_can_be_used_and_take_the_password_from_the_environment(settings: Settings) -> None:
    assert settings.switch.password.get_secret_value() == "of the environment"
    assert "password =" not in (DEPLOY / "voicebot.toml").read_text(encoding="utf-8")
    check_dial_string(settings.switch.dial_string)
    check_caller_id(settings.switch.caller_id)


@pytest.mark.parametrize("queue", QUEUES)
def test_every_queue_of_our_scripts_leads_to_a_queue_that_does_not_wait_for_ever(
    settings: Settings, queue: str
) -> None:
    transfer("a-call", settings.queues[queue])
    done = dict(actions(DIALPLAN, extension_of(settings, queue)))
    assert done["callcenter"].partition("@")[0] == queue
    callcenter = ElementTree.parse(CONFIGS / "callcenter.conf.xml").getroot()
    waits = {one.attrib["name"]: params(one) for one in callcenter.iter("queue")}[done["callcenter"]]
    assert int(waits["max-wait-time"]) > 0
    assert int(waits["max-wait-time-with-no-agent"]) > 0


@pytest.mark.parametrize("cause", LEFT_BY)
@pytest.mark.parametrize("queue", QUEUES)
def test_a_call_that_leaves_its_queue_is_ended_or_parked(settings: Settings, queue: str, cause: str) -> None:
    *_, (last, then) = actions(DIALPLAN, extension_of(settings, queue))
    assert last == "transfer"
    extension, dialplan, context = then.replace("${cc_cause}", cause).split(" ")
    assert (dialplan, context) == ("XML", DIALPLAN.parent.name)
    assert actions(DIALPLAN, extension) == LEFT_BY[cause]


@pytest.mark.parametrize("queue", QUEUES)
def test_a_queue_that_is_closed_gives_the_call_back_and_says_so(settings: Settings, queue: str) -> None:
    closed = actions(DIALPLAN, extension_of(settings, queue), within_hours=False)
    assert closed == [("set", f"{RESULT}={HandOverFailure.CLOSED}"), PARK]


def test_a_telephone_that_nobody_picks_up_gives_the_call_back() -> None:
    done = actions(DIALPLAN, "9310")
    assert ("set", "continue_on_fail=true") in done
    assert "ignore_early_media=true" in dict(done)["bridge"]
    assert done[-1] == PARK


def test_every_agent_of_a_tier_and_every_queue_of_one_is_there() -> None:
    callcenter = ElementTree.parse(CONFIGS / "callcenter.conf.xml").getroot()
    known = {kind: {one.attrib["name"] for one in callcenter.iter(kind)} for kind in ("agent", "queue")}
    for tier in callcenter.iter("tier"):
        assert tier.attrib["agent"] in known["agent"]
        assert tier.attrib["queue"] in known["queue"]


def test_what_the_dialplan_says_of_a_failed_hand_over_is_understood() -> None:
    root = ElementTree.parse(DIALPLAN).getroot()
    said = [one.attrib["data"] for one in root.iter() if one.get("data", "").startswith("voicebot_")]
    assert said
    for name, _, value in (one.partition("=") for one in said):
        assert name == RESULT
        assert value in set(HandOverFailure)


@pytest.mark.parametrize("number", ["74950000001", "+74950000001"])
def test_a_call_that_comes_in_is_parked_unanswered_with_what_every_call_of_ours_needs(number: str) -> None:
    done = actions(PUBLIC, number)
    assert [application for application, _ in done] == ["set", "set", "set", "ring_ready", "park"]
    variables = dict(data.split("=", 1) for application, data in done if application == "set")
    assert variables.pop(INCOMING) == "${destination_number}"
    assert variables.items() <= BASE_VARIABLES.items()
    assert set(BASE_VARIABLES) - set(variables) == {"ignore_early_media"}  # of a dial alone
    assert actions(PUBLIC, "74950000009") == []


def test_the_example_of_a_number_is_the_dialplans(settings: Settings, tmp_path: Path) -> None:
    lines = (DEPLOY / "voicebot.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("# [[inbound]]")
    (tmp_path / "voicebot.toml").write_text("\n".join(line.removeprefix("# ") for line in lines[start : start + 5]))
    (route,) = load_settings(tmp_path / "voicebot.toml").inbound
    assert actions(PUBLIC, route.number)
    load_script(ROOT / "dialogue" / "scripts" / route.script).validate_contact(route.contact)


def test_the_readme_names_every_file() -> None:
    readme = (DEPLOY / "README.md").read_text(encoding="utf-8")
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and path.name != "README.md"]
    assert [path.name for path in files if f"`{path.relative_to(DEPLOY).as_posix()}`" not in readme] == []
