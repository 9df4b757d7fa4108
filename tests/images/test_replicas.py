"""Two pages behind one address: uploads and sessions hold where each browser is led back, as the cluster's files ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench import engine
from bench.engine import running
from kmidi import Intent
from kmidi.studio import LocalStudio
from tests.browsing import visit

from .sticky import Address, proxied

pytestmark = [pytest.mark.docker, pytest.mark.browser]
ANNOTATION = "nginx.ingress.kubernetes.io/"


@pytest.fixture(scope="module")
def cluster() -> dict[tuple[str, str], Any]:
    """What the production overlay renders to, by kind and name."""
    items = yaml.safe_load_all(engine.rendered("production"))
    return {(item["kind"], item["metadata"]["name"]): item for item in items}


@pytest.fixture(scope="module")
def replicas(loaded: dict[str, str]) -> Iterator[list[Address]]:
    """The addresses of two containers of the page."""
    with running(loaded["ui"], 8501) as one, running(loaded["ui"], 8501) as two:
        for container in (one, two):
            container.wait("/_stcore/health")
        hosts = [container.address().removeprefix("http://").split(":") for container in (one, two)]
        yield [(host, int(port)) for host, port in hosts]


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file a person, each in a key of its own."""
    folder = tmp_path_factory.mktemp("songs")
    for key in ("D", "E"):
        intent = Intent(text="pure joy", key=key, mode="major", bpm=120, bars=16)
        (folder / f"{key}.mid").write_bytes(LocalStudio().compose(intent).midi)
    return {f"{key} major": folder / f"{key}.mid" for key in ("D", "E")}


def upload(page: Any, url: str, song: Path) -> None:
    visit(page, f"{url}/understand", "A MIDI file, up to 8 MB")
    page.locator("input[type=file]").set_input_files(song)


def test_each_browser_keeps_its_replica_its_upload_and_its_session(
    cluster: dict[tuple[str, str], Any], replicas: list[Address], browser: Any, songs: dict[str, Path]
) -> None:
    annotations = cluster["Ingress", "ui"]["metadata"]["annotations"]
    with proxied(replicas, annotations[f"{ANNOTATION}session-cookie-name"]) as proxy:
        people = [(browser.new_context(), key) for key in songs]
        pages = [(context.new_page(), key) for context, key in people]
        for page, key in pages:
            upload(page, proxy.url, songs[key])
        for page, key in pages:
            page.wait_for_selector(".k-scroll img", timeout=60_000)
            assert key in page.get_by_test_id("stMain").inner_text()
        for page, key in pages:  # a session goes on: another page of it, then the file again
            page.get_by_role("link", name="Compose").click()
            page.get_by_label("Your words").fill("rage")
            page.get_by_role("button", name="Make music").click()
            page.wait_for_selector("audio", timeout=60_000)
            upload(page, proxy.url, songs[key])
            page.wait_for_selector(".k-scroll img", timeout=60_000)
        kept = [
            {cookie["value"] for cookie in context.cookies() if cookie["name"] == proxy.cookie} for context, _ in people
        ]
        assert {number for values in kept for number in values} == {"0", "1"}, "each came to another replica"
        assert [len(values) for values in kept] == [1, 1], "and stayed there"
        assert min(proxy.led.count(0), proxy.led.count(1)) > 10
        for context, _ in people:
            context.close()


def test_without_a_cookie_uploads_get_lost(replicas: list[Address], browser: Any, songs: dict[str, Path]) -> None:
    """So the test above would notice: sooner or later an upload comes to the replica that does not know the session."""
    with proxied(replicas, None) as proxy:
        page = browser.new_page()
        for _ in range(10):
            with page.expect_response(lambda said: "upload_file" in said.url and said.request.method == "PUT") as sent:
                upload(page, proxy.url, songs["D major"])
            if sent.value.status >= 400:
                break
        assert sent.value.status >= 400
        page.context.close()


def test_the_cluster_leads_each_browser_back(cluster: dict[tuple[str, str], Any]) -> None:
    """By cookie from outside; by address for what comes past the ingress; one hour of silence, and uploads of the
    page's size.
    """
    annotations = cluster["Ingress", "ui"]["metadata"]["annotations"]
    assert annotations[f"{ANNOTATION}affinity"] == "cookie"
    assert annotations[f"{ANNOTATION}affinity-mode"] == "persistent"
    assert cluster["Ingress", "ui"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]["name"] == "ui"
    assert cluster["Service", "ui"]["spec"]["sessionAffinity"] == "ClientIP"
    assert cluster["Deployment", "ui"]["spec"]["replicas"] == 2
    assert annotations[f"{ANNOTATION}proxy-read-timeout"] == "3600"
    assert annotations[f"{ANNOTATION}proxy-body-size"] == "10m"
