"""The game in a real browser against the real server: it plays, he speaks, and it recovers."""

from __future__ import annotations

import pytest

from .conftest import Served, Visit

pytestmark = pytest.mark.real
CONNECTED = "window.fnlloyd?.connection.status === 'open'"


def test_a_ball_is_launched_a_brick_breaks_and_his_voice_is_heard(visit: Visit) -> None:
    game = visit("/?autoplay=1&session=plays")
    game.until("window.fnlloyd?.state().score > 0")
    game.until("fnlloyd.subtitle !== ''")
    game.until("fnlloyd.voicePeak > 0")
    game.until("fnlloyd.triggers().first_brick === 1")
    game.picture("play")

    triggers = game.page.evaluate("fnlloyd.triggers()")
    assert {"start", "ball_launch", "first_brick"} <= triggers.keys()
    assert game.page.evaluate("fnlloyd.connection.session") == "plays"
    assert game.page.evaluate("fnlloyd.lastLine.text") != ""
    assert game.complaints == []


def test_the_title_screen_waits_and_space_begins_and_launches(visit: Visit) -> None:
    game = visit()
    game.until(CONNECTED)
    assert game.page.evaluate("fnlloyd.state().phase") == "title"
    game.picture("title")

    game.page.get_by_role("button", name="Begin").click()
    game.until("fnlloyd.state().phase === 'ready'")
    game.page.keyboard.press("Space")
    game.until("fnlloyd.state().phase === 'play'")
    game.until("fnlloyd.triggers().ball_launch === 1")
    assert game.complaints == []


def test_p_pauses_and_p_resumes(visit: Visit) -> None:
    game = visit("/?level=1")
    game.until("window.fnlloyd?.state().phase === 'ready'")
    game.page.keyboard.press("p")
    game.until("fnlloyd.state().paused")
    assert game.page.get_by_role("heading", name="Paused").is_visible()
    game.picture("paused")

    game.page.keyboard.press("p")
    game.until("!fnlloyd.state().paused")
    assert game.page.evaluate("fnlloyd.triggers().pause") == 1
    assert game.complaints == []


def test_the_arrow_keys_move_a_held_ball_and_typing_does_not(visit: Visit) -> None:
    game = visit("/?level=1")
    game.until("window.fnlloyd?.state().phase === 'ready'")
    game.page.keyboard.press("Enter")
    game.page.keyboard.type("p mind the gap")
    assert game.page.locator("#say").input_value() == "p mind the gap"
    assert game.page.evaluate("fnlloyd.state().paused") is False
    game.page.keyboard.press("Escape")
    assert game.page.evaluate("document.activeElement.id") == "field"

    before = game.page.evaluate("fnlloyd.state().paddle")
    game.page.keyboard.down("ArrowLeft")
    game.until(f"fnlloyd.state().paddle < {before}")
    game.page.keyboard.up("ArrowLeft")


def test_he_answers_what_is_written_in_the_talk_box(visit: Visit) -> None:
    game = visit("/?level=1")
    game.until(CONNECTED)
    game.page.locator("#say").fill("Are we doomed?")
    game.page.keyboard.press("Enter")
    game.page.locator("#log .you", has_text="Are we doomed?").wait_for()
    game.until("fnlloyd.lastLine && !fnlloyd.lastLine.trigger && fnlloyd.lastLine.text !== ''")
    game.until("fnlloyd.subtitle !== ''")
    game.picture("talk")
    assert game.page.locator("#say").input_value() == ""
    assert game.complaints == []


def test_it_reconnects_by_itself_when_the_server_comes_back(visit: Visit, served: Served) -> None:
    game = visit("/?session=comes-back")
    game.until(CONNECTED)
    served.stop()
    game.until("fnlloyd.connection.status === 'waiting' || fnlloyd.connection.status === 'connecting'")
    game.until("document.querySelector('#connection').textContent.includes('trying again')")
    game.picture("reconnecting")

    served.start()
    game.until(CONNECTED)
    assert game.page.evaluate("fnlloyd.connection.reconnects") > 0
    game.page.get_by_role("button", name="Begin").click()
    game.until("fnlloyd.triggers().start === 1")
    assert [complaint for complaint in game.complaints if "WebSocket" not in complaint] == []


def test_the_flagship_appears_in_the_last_level(visit: Visit) -> None:
    game = visit("/?autoplay=1&level=6")
    game.until("fnlloyd.triggers().boss_appear === 1")
    game.until("fnlloyd.triggers().ball_launch === 1")
    game.picture("boss")
    assert game.complaints == []


def test_it_fits_a_phone_held_upright(visit: Visit) -> None:
    game = visit("/?autoplay=1", width=390, height=844)
    game.until("window.fnlloyd?.state().score > 0")
    game.picture("portrait")
    assert game.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert game.page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert game.complaints == []


def test_the_four_line_client_speaks(visit: Visit) -> None:
    hello = visit("/hello.html")
    with hello.page.expect_response("**/audio/**") as sound:
        hello.page.get_by_role("button", name="The boss appears").click()
    assert sound.value.ok
    hello.until("document.querySelector('#text').textContent.length > 10")
    hello.picture("hello")
    assert hello.complaints == []
