"""The web client in a real browser, against the real service with real grading.

They run with `script/test --browser`. Every page that is looked at leaves its pictures in var/screenshots.
"""

import json
import os
import re
import shutil
import subprocess
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3
from playwright.sync_api import Page, expect, sync_playwright

from project.config import ROOT
from project.tests.servers import DEADLINE_SECONDS, private_data_dir, running_server

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
# A page without scripts. It names an icon: Chromium would request /favicon.ico, and report that the service has none.
BLANK_PAGE = {"content_type": "text/html", "body": '<link rel="icon" href="data:,">'}

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


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
def tabs(browser):
    """Keep the tabs that no test uses, by the address of their service.

    A new context costs more than most tests: a process, and the client's scripts, loaded and compiled again.
    """
    return defaultdict(list)


@pytest.fixture(scope="session")
def built_client():
    """Build the client, as script/server does, and install axe, which examines its pages."""
    for options in (["--install"], []):
        subprocess.run(["script/client", *options], cwd=ROOT, check=True)


@pytest.fixture(scope="package")
def shared_service(built_client, tmp_path_factory):
    """Serve the seeds, an admin among them."""
    with private_data_dir(tmp_path_factory.mktemp("browser")) as data_dir, running_server(data_dir) as running:
        yield running


@pytest.fixture(scope="package")
def service(shared_service):
    """Return the server whose client is tested. Modules that need other settings replace it."""
    return shared_service


class Tab:
    """A context of the browser with one page. One test uses it after the other."""

    def __init__(self, browser, base_url):
        self.context = browser.new_context(base_url=base_url, viewport=WIDE, locale="en-GB")
        self.context.set_default_timeout(DEADLINE_SECONDS * 1000)
        self.context.add_init_script(COUNT_SHIFTS)
        self.page = self.context.new_page()
        self.leave()

    def leave(self):
        """Show an empty page, and forget all but the cache."""
        self.page.unroute_all(behavior="ignoreErrors")
        self.context.set_offline(False)
        self.page.route("**/blank", lambda route: route.fulfill(**BLANK_PAGE))
        self.page.goto("/blank")
        self.page.unroute_all()
        self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.context.clear_cookies()
        self.page.emulate_media(color_scheme="light", reduced_motion="no-preference")

    def clear_cache(self):
        session = self.context.new_cdp_session(self.page)
        session.send("Network.clearBrowserCache")
        session.detach()


@contextmanager
def listening(page, **listeners):
    """Call functions for events of a page."""
    for event, listener in listeners.items():
        page.on(event, listener)
    try:
        yield
    finally:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)


@contextmanager
def recorded(page, event):
    """Return a list that collects what a page reports, its requests for example."""
    found = []

    def record(reported):
        found.append(reported)

    with listening(page, **{event: record}):
        yield found


@dataclass
class Visitor:
    """A user of the browser. What goes wrong on their pages is kept in `trouble`."""

    page: Page
    trouble: list[str]
    pictures: Path | None  # where the README's are kept, if they are taken anew

    def open(self, path=""):
        self.page.goto(f"/app/{path}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def has_session(self, token):
        """Be logged in when the first page is opened, as after a log-in."""
        self.page.evaluate("token => localStorage.setItem('token', token)", token)

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
def visit(browser, service, tabs, pytestconfig):
    """Return visitors with a tab of their own: `visit()`, `visit(NARROW)`. With `cached=False`, its cache is empty."""
    pictures = ROOT / "docs" / "pictures" if pytestconfig.getoption("--pictures") else None
    free = tabs[service.url]

    def give_back(tab):
        tab.leave()
        free.append(tab)

    with ExitStack() as visits:

        def come(size=WIDE, *, cached=True):
            tab = free.pop() if free else Tab(browser, service.url)
            visits.callback(give_back, tab)
            tab.page.set_viewport_size(size)
            if not cached:
                tab.clear_cache()
            visitor = Visitor(tab.page, [], pictures)

            def on_console(line):
                if line.type == "error":
                    visitor.trouble.append(line.text)

            def on_request(request):
                is_own = urlsplit(request.url).netloc == urlsplit(service.url).netloc
                if not is_own and not request.url.startswith(("data:", "blob:")):
                    visitor.trouble.append(f"a request to another server: {request.url}")

            def on_error(error):
                visitor.trouble.append(str(error))

            visits.enter_context(listening(tab.page, pageerror=on_error, console=on_console, request=on_request))
            return visitor

        yield come


@pytest.fixture
def visitor(visit):
    """Give one visitor, who must meet no trouble: no error on the console, no request to another server."""
    one = visit()
    yield one
    assert one.trouble == []


def token_of(service, email, password):
    """Return a token."""
    return service.post("/auth/login", {"email": email, "password": password}).json()["auth_token"]


@pytest.fixture
def add_learner(service):
    """Register a learner by a request, and return their token."""

    def add(name):
        account = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        return service.post("/auth/register", account).json()["auth_token"]

    return add


@pytest.fixture
def add_staff(shared_service, admin_token):
    """Add a user of a role by a request, and return their token."""

    def add(name, role):
        account = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, "role": role}
        assert shared_service.post("/users", account, token=admin_token).status == 201
        return token_of(shared_service, account["email"], PASSWORD)

    return add


LEARNERS = ("ada", "grace")  # tests of teaching change their scores
CLASS = ("alan", "barbara", "donald", "edsger", "frances", "guido", "hedy", "ken", "margaret", "niklaus", "radia")


def admin_password(service):
    return re.search(r"admin@localhost with the password (\S+)", service.output)[1]


@pytest.fixture(scope="package")
def admin_token(shared_service):
    return token_of(shared_service, "admin@localhost", admin_password(shared_service))


@pytest.fixture(scope="package", autouse=True)
def tokens(shared_service, admin_token):
    """Register ada, grace and a class before all others, load scores of the class, and return the tokens by name.

    The scores are for the seeds' exercises; the better learners stand later in the list.
    """
    found = {}
    for name in LEARNERS + CLASS:
        account = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
        found[name] = shared_service.post("/auth/register", account).json()["auth_token"]
    ids = [shared_service.get("/auth/status", token=found[name]).json()["data"]["id"] for name in CLASS]
    exercises = [one["id"] for one in shared_service.get("/exercises").json()["data"]["exercises"]][:6]
    lines = [
        {"user_id": user_id, "exercise_id": exercise_id, "correct": place > column}
        for place, user_id in enumerate(ids)
        for column, exercise_id in enumerate(exercises)
        if place + 3 > column
    ]
    headers = {"Authorization": f"Bearer {admin_token}", "Content-Type": "application/x-ndjson"}
    body = "".join(f"{json.dumps(line)}\n" for line in lines)
    answer = urllib3.request("POST", f"{shared_service.url}/scores/bulk", body=body, headers=headers)
    assert answer.json()["data"]["inserted"] == len(lines)
    return found | {"admin": admin_token}
