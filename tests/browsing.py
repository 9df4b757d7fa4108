"""A Streamlit page as a person uses it: they wait until it has come whole, and click again on a list that closed under them."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import TimeoutError as NothingCame

# Streamlit says itself when its script has run to the end; before that a rerun may still replace what was clicked
_WHOLE = "[data-testid=stApp][data-test-script-state=notRunning]"


def visit(page: Any, address: str, sign: str, seconds: float = 60) -> None:
    """Go to an address, wait for the whole page and a text on it; once in a few hundred visits nothing comes and we reload."""
    page.goto(address)
    try:
        _came(page, sign, seconds / 2)
    except NothingCame:
        page.reload()
        _came(page, sign, seconds)


def _came(page: Any, sign: str, seconds: float) -> None:
    page.get_by_text(sign).first.wait_for(timeout=seconds * 1000)
    page.locator(_WHOLE).wait_for(timeout=seconds * 1000)


def choose(page: Any, name: str, option: str, tries: int = 4) -> None:
    """Open the list of that name, narrow it and pick an option (of a long list only what is in sight can be clicked); a list
    that a late rerun closed is opened again.
    """
    wanted = page.get_by_role("option", name=option)
    for left in range(tries, 0, -1):
        page.locator(_WHOLE).wait_for()
        page.get_by_role("combobox", name=name).click()
        page.keyboard.type(option)
        try:
            wanted.click(timeout=15_000)
        except NothingCame:
            if left == 1:
                raise
            page.keyboard.press("Escape")
        else:
            return


def pick_by_keyboard(page: Any, name: str, typed: str, option: str, tries: int = 4) -> None:
    """Type into the list of that name and take with Enter what stands first; anew where a late rerun undid it."""
    field = page.get_by_test_id("stMultiSelect").filter(has_text=name)
    for _ in range(tries):
        page.locator(_WHOLE).wait_for()
        page.get_by_role("combobox", name=name).click()
        page.get_by_role("combobox", name=name).press_sequentially(typed)  # where a rerun has the focus elsewhere, too
        # the list is narrowed after the typing: until then Enter takes another
        page.wait_for_function(
            "name => document.querySelector('[role=option]')?.textContent.includes(name)", arg=option
        )
        page.keyboard.press("Enter")
        page.wait_for_timeout(1000)
        if option in field.inner_text():
            break
        page.get_by_role("combobox", name=name).fill("")
    page.keyboard.press("Escape")
