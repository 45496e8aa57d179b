"""The web client in a real browser, against the real service with real grading.

They run with `script/test --browser`. Every page that is looked at leaves its pictures in var/screenshots.
"""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3
from playwright.sync_api import Page, expect, sync_playwright

from project.config import ROOT
from project.tests.servers import DEADLINE_SECONDS, private_data_dir, run_python, running_server

SCREENSHOTS = ROOT / "var" / "screenshots"
# Those that the README shows; `script/test --browser --pictures` takes them anew.
PICTURES = {
    "exercise-failed-1440-light": "exercise",
    "progress-1440-light": "progress",
    "teach-class-table-1440-light": "class",
    "teach-rejudge-1440-light": "rejudge",
}
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
PASSWORD = "correct horse"

# How much of a page moved after it was painted; as the browser's own measure has it.
COUNT_SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""

# Without these Chromium looks for updates and the like, where there is no network.
QUIET = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]

expect.set_options(timeout=DEADLINE_SECONDS * 1000)


@pytest.fixture(scope="module")
def browser():
    """Start Chromium: Debian's, or the one that CHROMIUM names.

    Not for longer: Playwright keeps an event loop running in the thread of the tests, and others start their own.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert path, "Chromium is needed: install it (Debian: apt install chromium), or name it in CHROMIUM."
    # Root may not use Chromium's own sandbox; only our own pages are shown.
    arguments = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def built_client():
    """Build the client, as script/server does, and install axe, which looks at its pages."""
    for options in (["--install"], []):
        subprocess.run(["script/client", *options], cwd=ROOT, check=True)


@pytest.fixture(scope="module")
def service(built_client, tmp_path_factory):
    """Serve the seeds, an admin among them."""
    with private_data_dir(tmp_path_factory.mktemp("browser")) as data_dir, running_server(data_dir) as running:
        yield running


@dataclass
class Visitor:
    """Somebody in front of the browser. What goes wrong on their pages is kept in `trouble`."""

    page: Page
    trouble: list[str]
    pictures: Path | None  # where the README's are kept, if they are taken anew

    def open(self, path=""):
        self.page.goto(f"/app/{path}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def register(self, name):
        """Make an account, and be logged in."""
        self.open("register")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("E-mail").fill(f"{name}@example.org")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Register").click()
        expect(self.page.get_by_role("button", name="Log out")).to_be_visible()

    def log_in(self, email, password):
        self.open("login")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("button", name="Log out")).to_be_visible()

    def write(self, code):
        """Replace what stands in the editor."""
        editor = self.page.get_by_role("textbox", name=re.compile("Your .* code"))
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)

    def picture(self, name, *, full=True):
        """Keep a picture of the page in both themes."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size
        width = size["width"]
        if full:  # in a window as high as the page: bars that stay in sight are where the page ends, not in its midst
            for _ in range(10):  # the editor grows with the window, up to a limit
                height = self.page.evaluate("document.documentElement.scrollHeight")
                if height <= self.page.viewport_size["height"]:
                    break
                self.page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            path = SCREENSHOTS / f"{name}-{width}-{theme}.png"
            self.page.screenshot(path=path)
            if self.pictures and path.stem in PICTURES:
                shutil.copy(path, self.pictures / f"{PICTURES[path.stem]}.png")
        self.page.set_viewport_size(size)


@pytest.fixture
def visit(browser, service, pytestconfig):
    """Let somebody come with a browser of their own: `visit()`, `visit(NARROW)`."""
    contexts = []
    pictures = ROOT / "docs" / "pictures" if pytestconfig.getoption("--pictures") else None

    def come(size=WIDE, **options):
        context = browser.new_context(base_url=service.url, viewport=size, locale="en-GB", **options)
        context.set_default_timeout(DEADLINE_SECONDS * 1000)
        context.add_init_script(COUNT_SHIFTS)
        contexts.append(context)
        page = context.new_page()
        visitor = Visitor(page, [], pictures)
        page.on("pageerror", lambda error: visitor.trouble.append(str(error)))
        page.on("console", lambda line: line.type == "error" and visitor.trouble.append(line.text))
        page.on(
            "request",
            lambda request: (
                urlsplit(request.url).netloc != urlsplit(service.url).netloc
                and not request.url.startswith(("data:", "blob:"))
                and visitor.trouble.append(f"asked another server: {request.url}")
            ),
        )
        return visitor

    yield come
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(visit):
    """Give one visitor, who must meet no trouble: no error on the console, no request to elsewhere."""
    one = visit()
    yield one
    assert one.trouble == []


@pytest.fixture
def add_staff(service):
    """Make somebody with a role, and return their password."""

    def add(name, role):
        ended = run_python(service.data_dir, "manage.py", "add_user", name, f"{name}@example.org", "--role", role)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return re.search(r"with the password (\S+)", ended.stdout)[1]

    return add


CLASS = ("alan", "barbara", "donald", "edsger", "frances", "guido", "hedy", "ken", "margaret", "niklaus", "radia")


def admin_password(service):
    return re.search(r"admin@localhost with the password (\S+)", service.output)[1]


@pytest.fixture(scope="module")
def admin_token(service):
    log_in = {"email": "admin@localhost", "password": admin_password(service)}
    return service.post("/auth/login", log_in).json()["auth_token"]


@pytest.fixture(scope="module")
def a_class(service, admin_token):
    """Register a class, and load scores of theirs for the seeds' exercises; the better ones stand later in the list."""
    ids = {}
    for name in CLASS:
        account = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        token = service.post("/auth/register", account).json()["auth_token"]
        ids[name] = service.get("/auth/status", token=token).json()["data"]["id"]
    exercises = [one["id"] for one in service.get("/exercises").json()["data"]["exercises"]][:6]
    lines = [
        {"user_id": user_id, "exercise_id": exercise_id, "correct": place > column}
        for place, user_id in enumerate(ids.values())
        for column, exercise_id in enumerate(exercises)
        if place + 3 > column
    ]
    headers = {"Authorization": f"Bearer {admin_token}", "Content-Type": "application/x-ndjson"}
    body = "".join(f"{json.dumps(line)}\n" for line in lines)
    answer = urllib3.request("POST", f"{service.url}/scores/bulk", body=body, headers=headers)
    assert answer.json()["data"]["inserted"] == len(lines)
    return ids
