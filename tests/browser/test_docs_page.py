"""The page that lists the doors, in a real browser: it writes them out, and a door can be tried from it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from .conftest import Visit, Watched

pytestmark = pytest.mark.real
SAY = "post-v1-sessions-session-say"
WRITTEN = "document.querySelector('#doors').ariaBusy === 'false'"
OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def opened(visit: Visit, hash: str = "", width: int = 1280) -> Watched:
    docs = visit(f"/docs{hash}", width=width, height=844)
    docs.until(WRITTEN)
    return docs


def send(docs: Watched, door: str) -> Locator:
    here = docs.page.locator(f"#{door}")
    here.get_by_role("button", name="Send").click()
    here.locator(".result .status b").wait_for()
    return here.get_by_role("status")


def test_every_door_of_the_document_is_listed_and_opens(visit: Visit) -> None:
    docs = opened(visit)
    listed = docs.page.locator(".door .path").all_inner_texts()
    assert "/v1/sessions/{session}/say" in listed
    api = docs.page.request.get(docs.page.url.replace("/docs", "/openapi.json")).json()
    assert set(listed) == set(api["paths"])

    docs.page.evaluate("document.querySelectorAll('details').forEach((door) => { door.open = true; })")
    docs.until("document.querySelectorAll('.door .inside').length === document.querySelectorAll('.door').length")
    docs.picture("docs")
    assert docs.complaints == []


def test_a_door_says_what_it_takes_what_it_answers_and_how_to_ask(visit: Visit) -> None:
    docs = opened(visit, f"#{SAY}")
    door = docs.page.locator(f"#{SAY}")
    door.locator(".inside").wait_for()
    text = door.inner_text()
    for part in (
        "the player's words",
        "1 to 2000 characters",
        "string or null",
        "One of spoken coalesced",
        "Refusals: 400, 401",
    ):
        assert part in text
    assert "curl -X POST" in text
    door.get_by_role("textbox", name="session in the path").fill("it's mine")
    assert "/v1/sessions/it'\\''s%20mine/say" in door.get_by_label("curl command").inner_text()
    assert docs.complaints == []


def test_a_door_can_be_tried(visit: Visit) -> None:
    docs = opened(visit, f"#{SAY}")
    docs.page.locator(f"#{SAY}").get_by_label("Body, JSON").fill('{"text": "Good evening."}')
    answer = send(docs, SAY).inner_text()
    assert answer.startswith("200")
    assert '"outcome": "spoken"' in answer
    docs.picture("docs-try")
    assert docs.complaints == []


def test_an_answer_can_be_asked_for_as_a_stream(visit: Visit) -> None:
    docs = opened(visit, f"#{SAY}")
    docs.page.locator(f"#{SAY}").get_by_label("Answer as").select_option("text/event-stream")
    assert "data: " in send(docs, SAY).inner_text()
    assert docs.complaints == []


def test_the_page_is_no_wider_than_a_phone_and_works_by_keyboard(visit: Visit) -> None:
    docs = opened(visit, width=390)
    docs.page.locator(f"#{SAY} .inside").wait_for()
    docs.page.evaluate("document.querySelectorAll('details').forEach((door) => { door.open = true; })")
    docs.until("document.querySelectorAll('.door .inside').length === document.querySelectorAll('.door').length")
    assert not docs.page.evaluate(OVERFLOWS)

    door = docs.page.locator("#get-health")
    door.locator("summary").first.focus()
    docs.page.keyboard.press("Enter")
    assert door.get_attribute("open") is None
    docs.page.keyboard.press("Enter")
    door.get_by_role("button", name="Send").focus()
    docs.page.keyboard.press("Enter")
    door.locator(".result .good").wait_for()
    docs.picture("docs-phone")
    assert docs.complaints == []
