"""A browser with a client certificate: headless Chromium, driven through its DevTools protocol over a pipe.

Nothing but Python's standard library, Chromium and certutil and pk12util of NSS is needed, and nothing outside a temporary
folder is written. Which certificate Chromium presents without asking is a setting of the profile, as the policy
AutoSelectCertificateForUrls would make it.
"""

import json
import os
import select
import signal
import subprocess
import tempfile
import time

PATIENCE = 20
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--no-proxy-server",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-dev-shm-usage", "--password-store=basic", "--lang=en-US",
]


class Gone(Exception):
    """The page that was asked went away meanwhile."""


class Browser:
    """One browser with one page. `present_to` are the origins that get the certificate; `hosts` are on this machine."""

    def __init__(self, authorities, hosts, certificate=None, present_to=()):
        self.home = tempfile.TemporaryDirectory()
        self._fill_store(authorities, certificate)
        self._choose(present_to)
        self._start(hosts)
        self.counter = 0
        self.events = []
        self.received = b""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "DOM", "Network"):
            self.call(f"{domain}.enable")

    def _fill_store(self, authorities, certificate):
        store = os.path.join(self.home.name, ".pki", "nssdb")
        os.makedirs(store)
        database = f"sql:{store}"
        run = lambda *command: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        run("certutil", "-d", database, "-N", "--empty-password")
        for number, authority in enumerate(authorities):
            run("certutil", "-d", database, "-A", "-n", f"authority {number}", "-t", "C,,", "-i", authority)
        if certificate:
            file, passphrase = certificate
            run("pk12util", "-d", database, "-i", file, "-W", passphrase, "-K", "")

    def _choose(self, origins):
        profile = os.path.join(self.home.name, "profile", "Default")
        os.makedirs(profile)
        chosen = {f"{origin},*": {"setting": {"filters": [{}]}} for origin in origins}
        preferences = {"profile": {"content_settings": {"exceptions": {"auto_select_certificate": chosen}}}}
        with open(os.path.join(profile, "Preferences"), "w") as file:
            json.dump(preferences, file)

    def _start(self, hosts):
        rules = ", ".join([f"MAP {host} 127.0.0.1" for host in hosts] + ["MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1"])
        to_browser, from_us = os.pipe()
        to_us, from_browser = os.pipe()

        def pipes_in_place():
            os.setsid()
            # both may sit on a number that is needed for the other
            reading, writing = os.dup(to_browser), os.dup(from_browser)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        environment = {"PATH": os.environ["PATH"], "HOME": self.home.name, "XDG_CONFIG_HOME": self.home.name, "LANG": "C.UTF-8"}
        command = ["chromium", *QUIET, "--remote-debugging-pipe", f"--host-resolver-rules={rules}",
                   f"--user-data-dir={self.home.name}/profile"]
        self.process = subprocess.Popen(
            command, env=environment, preexec_fn=pipes_in_place, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.writing, self.reading = from_us, to_us
        self.session = None

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        for pipe in (self.writing, self.reading):
            os.close(pipe)
        for _ in range(50):
            try:
                self.home.cleanup()
                return
            except OSError:
                time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # The protocol: JSON texts, each with a zero behind it.

    def call(self, method, **parameters):
        self.counter += 1
        message = {"id": self.counter, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self.counter:
                if "error" in answer:
                    raise Gone(f"{method}: {answer['error']['message']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def _receive(self):
        until = time.monotonic() + PATIENCE
        while b"\0" not in self.received:
            ready, _, _ = select.select([self.reading], [], [], max(0, until - time.monotonic()))
            octets = os.read(self.reading, 1 << 20) if ready else b""
            if not octets:
                raise TimeoutError("the browser says nothing more")
            self.received += octets
        message, self.received = self.received.split(b"\0", 1)
        return json.loads(message)

    # What a person does and sees.

    def open(self, address):
        self.call("Page.navigate", url=address)

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise Gone(answer["exceptionDetails"].get("exception", {}).get("description", expression))
        return answer["result"].get("value")

    def wait(self, expression):
        """Until an expression is true on the page there is by then, loaded to its end."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if self.evaluate(f"document.readyState === 'complete' && !!({expression})"):
                    return
            except Gone:
                pass
            time.sleep(0.02)
        raise TimeoutError(f"{expression}: never on {self.describe()}")

    def describe(self):
        return self.evaluate("location.href + '\\n' + document.documentElement.innerText")[:2000]

    def click(self, selector):
        """With the mouse, where the element is."""
        self.wait(f"document.querySelector({json.dumps(selector)})")
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.scrollIntoViewIfNeeded", nodeId=node)
        corners = self.call("DOM.getContentQuads", nodeId=node)["quads"][0]
        place = {"x": sum(corners[0::2]) / 4, "y": sum(corners[1::2]) / 4, "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, **place)

    def type(self, text, enter=False):
        """With the keyboard, where the cursor is."""
        self.call("Input.insertText", text=text)
        if enter:
            key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
            self.call("Input.dispatchKeyEvent", type="keyDown", text="\r", **key)
            self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    def complaints(self):
        """What the browser forbade: content policies, mixed content, certificates."""
        entries = [event["params"]["entry"] for event in self.events if event["method"] == "Log.entryAdded"]
        return [entry["text"] for entry in entries if entry["source"] == "security" or "Content Security" in entry["text"]]
