"""The older HTTP API, row by row, as its clients use it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import aiohttp
import anyio
import pytest

from fnlloyd.character import Card
from tests.journey.client import Client, Json
from tests.journey.conftest import Serve, Server

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
FAILING = {"engine": {"engines": ["scripted:?fail=before"]}}
BREAKING = {"engine": {"engines": ["scripted:?text=One two three four five&fail=after:2"]}}
SLOW = {"engine": {"engines": ["scripted:?rate=10&text=One two three four five six seven eight nine ten"]}}
DEFAULTS = {
    "score": 0,
    "lives": 3,
    "level": 1,
    "combo": 0,
    "maxCombo": 0,
    "bricksDestroyed": 0,
    "powerupsCollected": 0,
    "accuracy": 0,
    "shotsFired": 0,
    "shotsHit": 0,
    "streak": 0,
    "lastEvent": None,
    "mood": "neutral",
}
TRIGGERS = re.findall(
    r"\w+",
    """
    ball_launch good_shot perfect_shot near_miss miss wall_bounce
    combo_start combo_5 combo_10 combo_15 combo_20_plus streak_broken
    powerup powerup_multiball powerup_laser powerup_expand powerup_slow powerup_glue
    brick_destroyed brick_survival brick_special brick_rare row_clear multi_row_clear
    boss_appear boss_damage boss_phase boss_defeat
    life_lost life_lost_3 life_lost_1 extra_life
    start pause resume idle score_milestone level_complete game_complete game_over
    first_brick hundred_brick perfect_level speed_run comeback clutch
    debug_mode fps_drop fps_stable
    player_name player_ask_name player_ask_help player_thanks player_good player_bad player_funny player_angry
    player_sad player_excited player_tired
    mood_excited mood_worried mood_proud mood_frustrated mood_neutral mood_happy
    morning afternoon evening night
    bricklim_start shape_launched line_clear line_combo earth_damaged earth_critical earth_paved earth_saved
    shape_blocked help
    """,
)


@pytest.fixture
def client(server: Server) -> Client:
    return server.client()


@pytest.fixture
def card(server: Server) -> Card:
    return server.house.card


def lines_of(card: Card, trigger: str) -> list[str]:
    """What may be said for a trigger: its own lines and the moods'."""
    return card.book.lines(trigger) + [line.text for lines in card.book.mood_lines.values() for line in lines]


async def text_error(client: Client, method: str, path: str, body: Any = None) -> tuple[int, str]:
    """The status and the text of an error, and that the body has nothing else."""
    status, answer = await client.request(method, path, body)
    assert list(answer) == ["error"], answer
    assert isinstance(answer["error"], str)
    assert answer["error"]
    return status, answer["error"]


# ---------------------------------------------------------------- health and models


async def test_health_names_the_models_as_before(client: Client) -> None:
    status, health = await client.request("GET", "/health")
    assert (status, health["status"], health["model"]) == (200, "ok", "scripted")
    assert sorted(health["availableModels"]) == ["alt", "fast", "quality"]
    assert ISO.fullmatch(health["timestamp"])


async def test_models_are_listed_by_name_with_what_they_are_for(client: Client) -> None:
    status, models = await client.request("GET", "/api/models")
    assert status == 200
    assert sorted(models) == ["active", "available", "descriptions"]
    assert models["active"] == "scripted"
    assert models["available"] == {"fast": "scripted", "quality": "scripted", "alt": "scripted"}
    assert sorted(models["descriptions"]) == sorted(models["available"])
    assert all(isinstance(text, str) and text for text in models["descriptions"].values())


async def test_the_active_model_can_be_chosen_by_its_name_or_its_id(client: Client) -> None:
    for name in ("fast", "scripted"):
        status, answer = await client.request("POST", "/api/model", {"model": name})
        assert (status, list(answer)) == (200, ["message"])
        assert "scripted" in answer["message"]


async def test_a_model_nobody_knows_cannot_be_chosen(client: Client) -> None:
    bodies: list[Any] = [{"model": "gpt-5000"}, {"model": ""}, {"model": 3}, {"model": None}, {}, [], b"{", b""]
    for body in bodies:
        assert (await text_error(client, "POST", "/api/model", body))[0] == 400, body


# ---------------------------------------------------------------- state


async def test_the_state_begins_with_the_fields_older_clients_read(client: Client) -> None:
    status, state = await client.request("GET", "/api/state")
    began_s = state.pop("sessionStart") / 1000
    assert (status, state) == (200, DEFAULTS)
    assert abs(began_s - time.time()) < 60


async def test_posted_fields_are_merged_and_the_mood_worked_out_again(client: Client) -> None:
    posted = {"combo": 12, "accuracy": 0.25, "playerName": "Ada", "mood": "gloomy"}
    status, answer = await client.request("POST", "/api/state", posted)
    assert (status, list(answer)) == (200, ["state"])
    state = answer["state"]
    assert (state["combo"], state["accuracy"], state["playerName"], state["lives"]) == (12, 0.25, "Ada", 3)
    assert (state["mood"], type(state["combo"]), type(state["accuracy"])) == ("excited", int, float)
    assert (await client.request("GET", "/api/state"))[1] == state


async def test_the_mood_follows_from_the_state(client: Client) -> None:
    moods: list[tuple[Json, str]] = [
        ({"combo": 10, "lives": 1}, "excited"),
        ({"combo": 5, "lives": 1}, "happy"),
        ({"lives": 1, "streak": 9}, "worried"),
        ({"streak": 5, "accuracy": 0.1, "shotsFired": 20}, "proud"),
        ({"accuracy": 0.29, "shotsFired": 11}, "frustrated"),
        ({"accuracy": 0.29, "shotsFired": 10}, "neutral"),
        ({"combo": 4, "lives": 2, "streak": 4}, "neutral"),
    ]
    for number, (fields, mood) in enumerate(moods):
        answer = (await client.request("POST", f"/api/state?sessionId={number}", fields))[1]
        assert answer["state"]["mood"] == mood, fields


async def test_the_state_is_the_named_session_s_own(client: Client) -> None:
    await client.request("POST", "/api/state", {"score": 7, "sessionId": "ada"})
    await client.request("POST", "/api/state?sessionId=bob", {"score": 8})
    ada = (await client.request("GET", "/api/state?sessionId=ada"))[1]
    bob = (await client.request("GET", "/api/state?sessionId=bob"))[1]
    default = (await client.request("GET", "/api/state"))[1]
    assert (ada["score"], bob["score"], default["score"]) == (7, 8, 0)
    assert "sessionId" not in ada
    assert (await client.request("GET", "/v1/sessions/ada"))[1]["state"]["score"] == 7


async def test_a_state_that_is_no_object_is_refused(client: Client) -> None:
    bodies: list[Any] = [[1], "text", 5, b"", b"null", b"{", b'{"score": 1e999}', {"sessionId": ["no"]}]
    for body in bodies:
        assert (await text_error(client, "POST", "/api/state", body))[0] == 400, body


async def test_a_body_that_is_too_big_is_refused(client: Client) -> None:
    assert (await text_error(client, "POST", "/api/state", {"notes": "x" * 70_000}))[0] == 413


async def test_a_session_s_name_must_be_one(client: Client) -> None:
    for path in (f"/api/state?sessionId={'x' * 129}", "/api/state?sessionId=a%00b", f"/api/history/{'x' * 129}"):
        assert (await text_error(client, "GET", path))[0] == 400


# ---------------------------------------------------------------- lines at once


async def test_a_quick_line_is_canned_and_comes_as_often_as_it_is_asked_for(client: Client, card: Card) -> None:
    answers = [await client.request("GET", "/api/quick/game_over") for _ in range(3)]
    for status, answer in answers:
        assert (status, sorted(answer)) == (200, ["mood", "response", "timestamp", "trigger"])
        assert (answer["trigger"], answer["mood"]) == ("game_over", "neutral")
        assert answer["response"] in lines_of(card, "game_over")
        assert ISO.fullmatch(answer["timestamp"])
    assert len({answer["response"] for _, answer in answers}) == 3


async def test_a_quick_line_has_the_mood_of_its_session(client: Client) -> None:
    await client.request("POST", "/api/state", {"combo": 25, "sessionId": "ada"})
    assert (await client.request("GET", "/api/quick/combo_20_plus?sessionId=ada"))[1]["mood"] == "excited"
    assert (await client.request("GET", "/api/quick/combo_20_plus"))[1]["mood"] == "neutral"


async def test_an_unknown_trigger_gets_an_idle_line(client: Client, card: Card) -> None:
    for trigger in ("zorp", "deflect", "greeting", "GOOD_SHOT", "\N{OCTOPUS}"):
        status, answer = await client.request("GET", f"/api/quick/{quote(trigger)}")
        assert (status, answer["trigger"]) == (200, trigger)
        assert answer["response"] in lines_of(card, "idle")


async def test_every_trigger_has_quick_lines_of_its_own(client: Client, card: Card) -> None:
    for trigger in TRIGGERS:
        answer = (await client.request("GET", f"/api/quick/{trigger}"))[1]
        assert answer["response"] in lines_of(card, trigger), trigger


async def test_a_quick_line_leaves_the_line_in_progress_alone(serve: Serve) -> None:
    async with serve(**SLOW) as server, server.client().full("ada", audio="none") as talk:
        await talk.send("say", text="Hello there")
        await talk.until("line.start")
        assert (await server.client().request("GET", "/api/quick/boss_appear?sessionId=ada"))[0] == 200
        end = await talk.until("line.end")
    assert (end["end"], end["text"]) == ("complete", "One two three four five six seven eight nine ten")
    assert len(talk.of("line.start")) == 1


async def test_shorthand_is_understood_in_any_case_and_coding(client: Client, card: Card) -> None:
    for written in ("!FN_GOOD_SHOT$", "!fn_good_shot$", "!Fn_Good_Shot%24", "%21FN_GOOD_SHOT%24"):
        status, answer = await client.request("GET", f"/api/shorthand/{written}")
        assert (status, sorted(answer)) == (200, ["code", "response", "type"])
        assert (answer["code"], answer["type"]) == (unquote(written), "canned")
        assert answer["response"] in lines_of(card, "good_shot")


async def test_shorthand_that_is_not_understood_is_not_found(client: Client) -> None:
    for code in ("GOOD_SHOT", "!FN_ZORP$", "!FN_$", "!FN_GOOD_SHOT", "%F0%9F%90%99"):
        assert (await text_error(client, "GET", f"/api/shorthand/{code}"))[0] == 404, code


# ---------------------------------------------------------------- chat


async def test_a_chat_is_answered_by_the_model(serve: Serve) -> None:
    async with serve(engine={"engines": ["scripted:?text=Fair, with bricks later."]}) as server:
        body = {"message": "What do you make of the weather?"}
        status, answer = await server.client().request("POST", "/api/chat", body)
    assert status == 200
    assert sorted(answer) == ["historyLength", "response", "sessionId", "timestamp", "type"]
    assert (answer["response"], answer["type"]) == ("Fair, with bricks later.", "llm")
    assert (answer["sessionId"], answer["historyLength"]) == ("default", 1)
    assert ISO.fullmatch(answer["timestamp"])


async def test_a_message_that_reads_as_a_trigger_is_answered_by_heart(client: Client, card: Card) -> None:
    for number, message in enumerate(["good shot", "Good Shot!", "good_shot", "Nice shot!"], 1):
        answer = (await client.request("POST", "/api/chat", {"message": message}))[1]
        assert (answer["type"], answer["historyLength"]) == ("canned", number)
        assert answer["response"] in lines_of(card, "good_shot")


async def test_the_model_is_asked_all_the_same_if_the_client_insists(client: Client) -> None:
    body = {"message": "good shot", "forceLLM": True, "sessionId": "ada"}
    answer = (await client.request("POST", "/api/chat", body))[1]
    assert (answer["type"], answer["sessionId"]) == ("llm", "ada")


async def test_fields_left_null_count_as_left_out(client: Client) -> None:
    body = {"message": "good shot", "forceLLM": None, "sessionId": None, "context": None, "other": 1}
    answer = (await client.request("POST", "/api/chat", body))[1]
    assert (answer["type"], answer["sessionId"]) == ("canned", "default")


async def test_a_developer_is_told_of_as_one_and_a_player_is_not(serve: Serve, tmp_path: Path) -> None:
    script = tmp_path / "script.toml"
    script.write_text('text = "A player."\n[answers]\n"a developer of this game" = "A developer."\n')
    answers = []
    async with serve(engine={"engines": [f"scripted:{script}"]}) as server:
        for setting in ("gameplay", "development"):
            body = {"message": "How long is a level?", "context": setting}
            answers.append((await server.client().request("POST", "/api/chat", body))[1]["response"])
    assert answers == ["A player.", "A developer."]


async def test_a_chat_that_is_not_understood_says_so(client: Client) -> None:
    bodies: list[Any] = [
        {},
        {"message": ""},
        {"message": "  \n"},
        {"message": None},
        {"message": 5},
        {"message": ["hello"]},
        {"message": "x" * 2001},
        {"message": "hello", "context": "both"},
        {"message": "hello", "sessionId": "x" * 129},
        {"message": "hello", "sessionId": {"a": 1}},
        {"message": "hello", "forceLLM": "perhaps"},
        ["hello"],
        b'{"message": "hel',
        b"\xff\xfe",
        b"",
    ]
    for body in bodies:
        assert (await text_error(client, "POST", "/api/chat", body))[0] == 400, body


async def test_a_long_message_is_fine_up_to_its_limit(client: Client) -> None:
    assert (await client.request("POST", "/api/chat", {"message": "x" * 2000}))[0] == 200


@pytest.mark.parametrize("engine", [FAILING, BREAKING])
async def test_when_the_engine_fails_there_is_a_line_all_the_same(serve: Serve, engine: Json) -> None:
    async with serve(**engine) as server:
        status, answer = await server.client().request("POST", "/api/chat", {"message": "Tell me of the stars"})
        fallbacks = server.house.card.book.lines("fallback")
    assert (status, sorted(answer)) == (500, ["error", "fallback", "fallbackType"])
    assert answer["fallbackType"] == "canned"
    assert answer["fallback"] in fallbacks
    assert isinstance(answer["error"], str)
    assert "scripted engine" in answer["error"]


async def test_a_canned_answer_needs_no_engine(serve: Serve) -> None:
    async with serve(**FAILING) as server:
        status, answer = await server.client().request("POST", "/api/chat", {"message": "good shot"})
    assert (status, answer["type"]) == (200, "canned")


async def test_a_client_that_leaves_stops_the_engine(serve: Serve) -> None:
    async with serve(**SLOW) as server:
        body = json.dumps({"message": "Hello there"})
        async with aiohttp.ClientSession() as http:

            async def ask() -> None:
                await http.post(f"{server.base_url}/api/chat", data=body)

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask)
                await server.until_busy()
                tasks.cancel_scope.cancel()
        await server.until_idle()


async def test_chats_of_one_session_are_answered_one_after_another(client: Client) -> None:
    answers: list[tuple[int, Json]] = []

    async def ask(number: int) -> None:
        answers.append(await client.request("POST", "/api/chat", {"message": f"Question number {number}"}))

    async with anyio.create_task_group() as tasks:
        for number in range(5):
            tasks.start_soon(ask, number)
    assert [status for status, _ in answers] == [200] * 5
    assert sorted(answer["historyLength"] for _, answer in answers) == [1, 2, 3, 4, 5]


async def test_a_chat_that_another_client_still_plays_is_counted_already(server: Server) -> None:
    async with server.client().full("ada", audio="binary") as talk:
        body = {"message": "What a sky we have!", "sessionId": "ada"}
        answer = (await server.client().request("POST", "/api/chat", body))[1]
        assert not talk.of("line.end")
        sent = await talk.until("line.sent")
    assert (sent["text"], answer["historyLength"]) == (answer["response"], 1)


async def test_more_chats_than_a_session_can_hold_are_told_to_wait(serve: Serve) -> None:
    refused: list[int] = []
    async with serve(engine={"engines": ["scripted:?ttft_ms=60000"]}) as server:
        client = server.client()
        async with anyio.create_task_group() as tasks:

            async def ask() -> None:
                refused.append((await text_error(client, "POST", "/api/chat", {"message": "Hello, hello there"}))[0])
                if len(refused) == 3:
                    tasks.cancel_scope.cancel()

            for _ in range(12):
                tasks.start_soon(ask)
        await server.until_idle()
    assert refused == [503] * 3


# ---------------------------------------------------------------- what was said


async def test_history_holds_chats_and_nothing_else(client: Client) -> None:
    await client.request("POST", "/v1/sessions/ada/events", {"trigger": "boss_appear"})
    await client.request("GET", "/api/quick/miss?sessionId=ada")
    live = (await client.request("POST", "/api/chat", {"message": "And the moon?", "sessionId": "ada"}))[1]
    canned = (await client.request("POST", "/api/chat", {"message": "good shot", "sessionId": "ada"}))[1]
    status, answer = await client.request("GET", "/api/history/ada")
    assert (status, sorted(answer), answer["sessionId"]) == (200, ["history", "sessionId"], "ada")
    told = [(one["user"], one["response"], one["type"]) for one in answer["history"]]
    assert told == [("And the moon?", live["response"], "llm"), ("good shot", canned["response"], "canned")]
    assert canned["historyLength"] == 2
    for one in answer["history"]:
        assert sorted(one) == ["response", "timestamp", "type", "user"]
        assert ISO.fullmatch(one["timestamp"])


async def test_history_shows_the_newest_twenty(client: Client) -> None:
    for number in range(23):
        answer = (await client.request("POST", "/api/chat", {"message": f"Line {number}", "forceLLM": True}))[1]
    shown = (await client.request("GET", "/api/history/default"))[1]["history"]
    assert [one["user"] for one in shown] == [f"Line {number}" for number in range(3, 23)]
    assert answer["historyLength"] == 23


async def test_an_unknown_session_has_no_history(client: Client) -> None:
    assert await client.request("GET", "/api/history/nobody") == (200, {"sessionId": "nobody", "history": []})


async def test_sessions_with_chats_are_listed_the_latest_first(client: Client) -> None:
    assert await client.request("GET", "/api/history") == (200, {"sessions": [], "totalConversations": 0})
    for id in ("ada", "bob"):
        await client.request("POST", "/api/chat", {"message": "good shot", "sessionId": id})
    await client.request("POST", "/api/state", {"score": 1, "sessionId": "silent"})
    answer = (await client.request("GET", "/api/history"))[1]
    assert answer == {"sessions": ["bob", "ada"], "totalConversations": 2}


async def test_sessions_that_are_only_stored_are_listed_too(server: Server, client: Client) -> None:
    await client.request("POST", "/api/chat", {"message": "good shot", "sessionId": "ada"})
    sessions = server.house.sessions
    assert await sessions.ids() == ["ada"]
    record = await sessions.store.load("ada")
    assert record is not None
    await sessions.store.save("from-yesterday", record)
    await sessions.store.save("not-ours", {"version": 99})
    assert (await client.request("GET", "/api/history"))[1]["sessions"] == ["from-yesterday", "ada"]
    await client.request("POST", "/api/clear")
    assert (await client.request("GET", "/api/history"))[1]["totalConversations"] == 0


async def test_clearing_one_session_leaves_the_others_and_the_state(client: Client) -> None:
    await client.request("POST", "/api/state", {"score": 5, "sessionId": "ada"})
    for id in ("ada", "bob"):
        await client.request("POST", "/api/chat", {"message": "good shot", "sessionId": id})
    status, answer = await client.request("POST", "/api/clear", {"sessionId": "ada"})
    assert (status, list(answer)) == (200, ["message"])
    assert (await client.request("GET", "/api/history"))[1]["sessions"] == ["bob"]
    assert (await client.request("GET", "/api/state?sessionId=ada"))[1]["score"] == 5


async def test_clearing_without_a_name_clears_all(client: Client) -> None:
    bodies: list[Any] = [None, b"", {}, {"sessionId": None}]
    for body in bodies:
        for id in ("ada", "bob"):
            await client.request("POST", "/api/chat", {"message": "good shot", "sessionId": id})
        status, answer = await client.request("POST", "/api/clear", body)
        assert (status, list(answer)) == (200, ["message"])
        assert await client.request("GET", "/api/history") == (200, {"sessions": [], "totalConversations": 0})


async def test_clearing_a_session_that_is_not_there_is_no_error(client: Client) -> None:
    assert (await client.request("POST", "/api/clear", {"sessionId": "nobody"}))[0] == 200


async def test_a_clearing_that_is_not_understood_clears_nothing(client: Client) -> None:
    await client.request("POST", "/api/chat", {"message": "good shot"})
    bodies: list[Any] = [b"{", [], {"sessionId": [1]}]
    for body in bodies:
        assert (await text_error(client, "POST", "/api/clear", body))[0] == 400, body
    assert (await client.request("GET", "/api/history"))[1]["totalConversations"] == 1


async def test_chats_outlive_the_server(serve: Serve, tmp_path: Path) -> None:
    database = {"store": {"url": f"sqlite:{tmp_path}/sessions.db"}}
    async with serve(**database) as server:
        await server.client().request("POST", "/api/chat", {"message": "good shot", "sessionId": 7})
    async with serve(**database) as server:
        history = (await server.client().request("GET", "/api/history/7"))[1]["history"]
    assert [one["user"] for one in history] == ["good shot"]


# ---------------------------------------------------------------- triggers


async def test_all_triggers_are_listed_by_category(client: Client) -> None:
    status, answer = await client.request("GET", "/api/triggers")
    assert (status, sorted(answer)) == (200, ["categories", "count", "triggers"])
    assert set(TRIGGERS) <= set(answer["triggers"])
    assert answer["count"] == len(answer["triggers"])
    assert [one for its in answer["categories"].values() for one in its] == answer["triggers"]
    assert answer["categories"]["boss"] == ["boss_appear", "boss_damage", "boss_phase", "boss_defeat"]


# ---------------------------------------------------------------- while closing


async def test_a_server_that_is_going_away_says_so_in_one_text(server: Server, client: Client) -> None:
    await server.house.sessions.drain(0)
    assert (await text_error(client, "POST", "/api/chat", {"message": "good shot"}))[0] == 503
