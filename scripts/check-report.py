"""What scripts/check-report asks of a page; that script has the usage."""

import pathlib
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = (400, 1000, 1600)
SERIOUS = {"serious", "critical"}


def faults_of_view(page, name):
    """Violations of accessibility and contents beside the screen."""
    faults = []
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in SERIOUS:
            where = violation["nodes"][0]["html"][:160]
            faults.append(f"{name}: {violation['id']}: {violation['help']}: {where}")
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if width[0] > width[1]:
        faults.append(f"{name}: the page is {width[0]} pixels wide on a screen of {width[1]}")
    return faults


def faults_of_page(browser, path, folder):
    faults = []
    for scheme in ("light", "dark"):
        for width in WIDTHS:
            name = f"{path.stem}-{width}-{scheme}"
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
            )
            # Loaded machines take their time over pages as long as these.
            context.set_default_timeout(300_000)
            page = context.new_page()
            page.on(
                "console",
                lambda message: faults.append(f"{name}: console: {message.text}")
                if message.type in ("error", "warning")
                else None,
            )
            page.on("pageerror", lambda error: faults.append(f"{name}: {error}"))
            page.on(
                "request",
                lambda request: faults.append(f"{name}: asks for {request.url[:120]}")
                if not request.url.startswith(("file:", "data:"))
                else None,
            )
            page.goto(path.resolve().as_uri())
            page.screenshot(path=folder / f"{name}.png", full_page=True)
            faults += faults_of_view(page, name)
            for link in page.eval_on_selector_all(
                "a[href^='#']", "links => links.map(a => a.getAttribute('href').slice(1))"
            ):
                if page.query_selector(f"[id='{link}']") is None:
                    faults.append(f"{name}: a link leads to #{link}, which is not there")
            context.close()
    return faults


def main():
    browser_path, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        for argument in sys.argv[3:]:
            faults += faults_of_page(browser, pathlib.Path(argument), folder)
        browser.close()
    for fault in dict.fromkeys(faults):
        print(f"check-report: {fault}", file=sys.stderr)
    if not faults:
        pages = "page" if len(sys.argv) == 4 else "pages"
        print(f"check-report: {len(sys.argv) - 3} {pages} sound; screenshots in {folder}")
    return 1 if faults else 0


sys.exit(main())
