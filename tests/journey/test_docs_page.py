"""The page that lists the doors is the server's own and needs nothing from anywhere else."""

from __future__ import annotations

import json
import re

import aiohttp
import pytest

from tests.journey.conftest import Server

PAGE_PARTS = ("/docs", "/docs.css", "/style.css", "/js/docs.js")
ELSEWHERE = re.compile(r"""(?:src|href|import|from|url\()\s*=?\s*["'(]?\s*(?:https?:)?//""")


async def fetched(server: Server, path: str, method: str = "GET") -> tuple[int, str, str, str]:
    async with aiohttp.ClientSession() as http, http.request(method, server.base_url + path) as response:
        policy = response.headers["content-security-policy"]
        return response.status, response.content_type, await response.text(), policy


async def test_the_page_is_html_under_the_server_s_policy_and_has_no_inline_script_or_style(server: Server) -> None:
    status, kind, text, policy = await fetched(server, "/docs")
    assert (status, kind) == (200, "text/html")
    assert policy.startswith("default-src 'self'")
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text) == []
    assert "<noscript>" in text


@pytest.mark.parametrize("path", PAGE_PARTS)
async def test_the_page_and_its_parts_refer_to_nothing_outside(server: Server, path: str) -> None:
    status, _, text, _ = await fetched(server, path)
    assert status == 200
    assert ELSEWHERE.findall(text) == []


async def test_every_link_of_the_page_leads_somewhere(server: Server) -> None:
    _, _, text, _ = await fetched(server, "/docs")
    links = set(re.findall(r'(?:href|src)="\.(/[^"]*)"', text))
    assert {"/docs/protocol.md", "/docs/protocol.schema.json", "/openapi.json", "/js/docs.js"} <= links
    assert {link: (await fetched(server, link))[0] for link in links} == dict.fromkeys(links, 200)


async def test_the_protocol_is_readable_in_a_browser(server: Server) -> None:
    status, kind, text, _ = await fetched(server, "/docs/protocol.md")
    assert (status, kind) == (200, "text/plain")
    assert "`/chat`" in text


async def test_the_page_can_be_asked_for_without_its_body(server: Server) -> None:
    assert (await fetched(server, "/docs", "HEAD"))[:3] == (200, "text/html", "")


async def test_the_openapi_document_is_there_and_does_not_list_the_page(server: Server) -> None:
    status, kind, text, _ = await fetched(server, "/openapi.json")
    assert (status, kind) == (200, "application/json")
    assert [path for path in json.loads(text)["paths"] if path.startswith("/docs")] == []


async def test_no_other_page_of_doors_is_served(server: Server) -> None:
    assert (await fetched(server, "/redoc"))[0] == 404
