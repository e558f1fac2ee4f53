#!/usr/bin/env python3
"""People with a browser, an application, and fedgate between them.

    browser_sign_in.py LAB APPLICATION_CERTIFICATE APPLICATION_KEY APPLICATION_AUTHORITY

Starts the application and prints its port as a line of JSON; reads a line with the ports of fedgate; then goes through every
story below in headless Chromium and prints what was seen as one JSON object. The application is on another site than fedgate,
and what it shows after a sign-in is on yet another, as with Office 365.
"""

import http.server
import json
import signal
import ssl
import sys
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

from browser import PATIENCE, Browser
from sign_in import verify

SERVICE = "sts.contoso.test"
APPLICATION = "app.fabrikam.test"
PORTAL = "portal.northwind.test"
REALM = "urn:fabrikam:application"
# Decoded once and no more: what is in it is the application's affair.
CONTEXT = "estsredirect=2&estsrequest=%2b\"'<é>"


class Application(http.server.BaseHTTPRequestHandler):
    """Signs people in by WS-Federation; believes everything."""

    def do_GET(self):
        server = self.server
        if "wsignoutcleanup1.0" in self.path:
            server.cleaned_up.append(self.headers["Host"])
        page = f"<a id='sign-in' href='{server.request()}'>Sign in</a>" if self.path == "/" else "<h1>Welcome</h1>"
        body = f"<!DOCTYPE html><html lang='en'><title>Application</title><p>{page}</p>".encode()
        self.answer(200, {"Content-Type": "text/html; charset=utf-8"}, body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = urllib.parse.parse_qs(body, keep_blank_values=True, strict_parsing=True)
        self.server.tokens.append({"origin": self.headers["Origin"], **{name: value for name, [value] in fields.items()}})
        self.answer(302, {"Location": f"https://{PORTAL}:{self.server.server_port}/welcome"}, b"")

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def __init__(self, certificate, key):
        super().__init__(("127.0.0.1", 0), Application)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        # the handshake belongs to the thread of its connection
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.tokens, self.cleaned_up, self.service = [], [], None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def request(self):
        query = urllib.parse.urlencode({"wa": "wsignin1.0", "wtrealm": REALM, "wctx": CONTEXT})
        return f"{self.service}/adfs/ls/?{query}".replace("'", "%27")

    def handle_error(self, *_):
        """A browser that ends a connection is nothing to tell."""


class Story:
    def __init__(self, lab, authority, application, ports):
        self.lab, self.authority, self.application = lab, authority, application
        self.service, self.user_tls = (f"https://{SERVICE}:{ports[name]}" for name in ("service", "user_tls"))
        application.service = self.service

    def browser(self, person=None):
        certificate = person and (f"{self.lab}/users/{person}.p12", "fedgate")
        authorities = [f"{self.lab}/certs/root/contoso-root-ca.pem", self.authority]
        return Browser(authorities, [SERVICE, APPLICATION, PORTAL], certificate, [self.user_tls])

    def begin(self, browser):
        browser.open(f"https://{APPLICATION}:{self.application.server_port}/")
        browser.click("#sign-in")

    def choose(self, browser):
        browser.click("#options button")

    def welcomed(self, browser):
        """What the application got, once it has bidden welcome."""
        browser.wait("document.querySelector('h1')?.innerText === 'Welcome'")
        token = self.application.tokens.pop()
        assertion = token["wresult"].split("RequestedSecurityToken>")[1].rsplit("</", 1)[0]
        return {
            "at": browser.evaluate("location.host"),
            "fields": sorted(token),
            "wa": token["wa"],
            "context_echoed": token["wctx"] == CONTEXT,
            "verified": verify(assertion, f"{self.lab}/gateway/token-signing.pem"),
            "audience": REALM in assertion,
            "by_certificate": "am:X509-PKI" in assertion or "urn:ietf:rfc:2246" in assertion or "tlsclient" in assertion,
        }

    def sign_out(self, browser):
        browser.open(f"{self.service}/adfs/ls/?wa=wsignout1.0")
        browser.wait("document.querySelector('iframe, h1')")
        until = time.monotonic() + PATIENCE
        while not self.application.cleaned_up and time.monotonic() < until:
            time.sleep(0.02)
        return {"heading": browser.evaluate("document.querySelector('h1').innerText"),
                "told": [self.application.cleaned_up.pop()] if self.application.cleaned_up else []}

    def with_script(self, browser, seen):
        self.begin(browser)
        browser.wait("document.querySelector('#options')")
        seen["chooser"] = {
            "at": browser.evaluate("location.origin") == self.service,
            "label": browser.evaluate("document.querySelector('#options button').innerText"),
            "focused": browser.evaluate("document.activeElement.name"),
        }
        self.choose(browser)
        seen["signed_in"] = self.welcomed(browser)
        self.begin(browser)
        seen["again"] = self.welcomed(browser)
        seen["signed_out"] = self.sign_out(browser)

    def without_script(self, browser, seen):
        browser.call("Emulation.setScriptExecutionDisabled", value=True)
        self.begin(browser)
        self.choose(browser)
        browser.click("#continue")
        browser.click("form[name=hiddenform] input[type=submit]")
        seen["without_script"] = self.welcomed(browser)
        browser.call("Emulation.setScriptExecutionDisabled", value=False)
        self.sign_out(browser)

    def blocked(self, browser, seen):
        """A network that lets nothing through to the certificate's port, as far as the page can find out."""
        browser.call("Network.setBlockedURLs", urls=["*/adfs/probe"])
        self.begin(browser)
        self.choose(browser)
        browser.wait("document.querySelector('#blocked')?.innerText")
        seen["blocked"] = {
            "says": browser.evaluate("document.querySelector('#blocked').innerText"),
            "explains": browser.evaluate("document.querySelector('#trouble').open"),
            "stays": browser.evaluate("location.origin") == self.service,
        }
        browser.click("#continue")
        seen["blocked"]["goes_on_when_told"] = self.welcomed(browser)["verified"]

    def with_password(self):
        """By keyboard alone: the cursor is where something has to be typed."""
        with self.browser() as browser:
            self.begin(browser)
            browser.wait("document.activeElement.name === 'UserName'")
            browser.type("alice@contoso.test")
            browser.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
            browser.wait("document.activeElement.name === 'Password'")
            browser.type("not this one", enter=True)
            browser.wait("document.querySelector('#errorText') && document.activeElement.name === 'Password'")
            seen = {
                "says": browser.evaluate("document.querySelector('#errorText').innerText"),
                "remembers": browser.evaluate("document.querySelector('[name=UserName]').value"),
            }
            browser.type("Alice's passw0rd", enter=True)
            got = self.welcomed(browser)
            return {**seen, "verified": got["verified"], "by_certificate": got["by_certificate"],
                    "complaints": browser.complaints()}

    def refused(self, person):
        with self.browser(person) as browser:
            self.begin(browser)
            self.choose(browser)
            browser.wait("document.querySelector('#details')")
            browser.click("summary")
            return {
                "heading": browser.evaluate("document.querySelector('h1').innerText"),
                "code": browser.evaluate("document.querySelector('#details code').innerText"),
                "copies": browser.evaluate("!document.querySelector('[data-copy]').hidden"),
                "complaints": browser.complaints(),
            }


def main():
    lab, certificate, key, authority = sys.argv[1:]
    application = Server(certificate, key)
    print(json.dumps({"port": application.server_port}), flush=True)
    story, seen = Story(lab, authority, application, json.loads(sys.stdin.readline())), {}
    with story.browser("good") as browser:
        story.with_script(browser, seen)
        story.without_script(browser, seen)
        story.blocked(browser, seen)
        seen["complaints"] = browser.complaints()
    # only one of these ends with a token
    with ThreadPoolExecutor() as at_once:
        running = {"password": at_once.submit(story.with_password), "revoked": at_once.submit(story.refused, "revoked"),
                   "nothing": at_once.submit(story.refused, None)}
        seen |= {name: future.result() for name, future in running.items()}
    print(json.dumps(seen))


if __name__ == "__main__":
    # whatever hangs, the test ends
    signal.alarm(120)
    main()
