"""Reads HTML pages strictly, as html5lib does, and tells what they hold.

Standard input: a JSON list of pages. Standard output: for each, its parse errors, the forms with their fields, the links,
the headings, and whether every field that a person fills in has a label.
"""

import json
import sys

try:
    import html5lib
except ImportError:
    sys.exit(69)

FIELDS = ("input", "button")


def attributes(element, *names):
    return {name: element.getAttribute(name) for name in names if element.hasAttribute(name)}


def text(element):
    if element.nodeType == element.TEXT_NODE:
        return element.data
    return "".join(text(child) for child in element.childNodes)


def read(page):
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("dom"), strict=False)
    document = parser.parse(page)
    every = document.getElementsByTagName
    labelled = {label.getAttribute("for") for label in every("label")}
    filled_in = [field for field in every("input") if field.getAttribute("type") != "hidden"]
    ids = [element.getAttribute("id") for element in every("*") if element.hasAttribute("id")]
    return {
        "errors": [f"{line}:{column} {code}" for (line, column), code, _ in parser.errors],
        "language": every("html")[0].getAttribute("lang"),
        "title": text(every("title")[0]),
        "headings": [(heading.tagName, text(heading).strip()) for heading in every("*") if heading.tagName in ("h1", "h2", "h3")],
        "landmarks": [name for name in ("header", "main", "footer") if every(name)],
        "forms": [
            attributes(form, "id", "method", "action")
            | {"fields": [attributes(field, "name", "value") for tag in FIELDS for field in form.getElementsByTagName(tag)]}
            for form in every("form")
        ],
        "links": [link.getAttribute("href") for link in every("a")],
        "frames": [frame.getAttribute("src") for frame in every("iframe")],
        "elements": sorted({element.tagName for element in every("*")}),
        "unlabelled": [field.getAttribute("name") for field in filled_in if field.getAttribute("id") not in labelled],
        "duplicate_ids": sorted({name for name in ids if ids.count(name) > 1}),
        "dangling": [
            reference
            for element in every("*")
            for name in ("for", "aria-labelledby", "aria-describedby", "data-copy")
            for reference in element.getAttribute(name).split()
            if reference not in ids
        ],
    }


json.dump([read(page) for page in json.load(sys.stdin)], sys.stdout)
