# SPDX-License-Identifier: AGPL-3.0-or-later
"""A reader of the server's pages: follows links, fills in forms, and looks at every page for what
could run or what a screen reader would stumble over."""
import collections
import html.parser
import http.client
import re
import urllib.parse

TAGS = {"html": {"lang"}, "meta": {"charset", "name", "content"}, "title": set(),
        "link": {"rel", "href"}, "a": {"class", "href", "target"}, "nav": {"aria-label"},
        "main": {"id"}, "h1": set(), "h2": {"id"}, "h3": {"id"}, "p": {"class", "role"},
        "ul": {"class"}, "ol": set(), "li": {"class"}, "b": set(), "br": set(), "bdi": set(),
        "code": set(), "small": {"class", "id"}, "span": {"class", "id", "aria-hidden"},
        "div": {"class"}, "time": {"datetime"}, "details": {"open"}, "summary": set(),
        "table": {"role"}, "caption": set(), "thead": {"role"}, "tbody": {"role"},
        "tr": {"role"}, "th": {"scope", "role", "class"}, "td": {"role", "class", "data-head"},
        "form": {"method", "action"}, "fieldset": set(), "legend": set(),
        "label": {"for", "class"}, "button": {"class", "name", "value"},
        "input": {"type", "id", "name", "value", "autocomplete", "inputmode", "min", "max", "step",
                  "required", "checked", "aria-labelledby", "aria-describedby", "aria-label",
                  "autocapitalize", "spellcheck", "list", "maxlength"},
        "select": {"id", "name", "aria-label", "aria-describedby"}, "datalist": {"id"},
        "dl": set(), "dt": set(), "dd": set(), "option": {"value", "selected"},
        "svg": {"class", "viewbox", "role", "aria-label"},
        "path": {"fill", "d", "shape-rendering"}, "textarea": {"id", "name", "maxlength"}}
ALONE = {"meta", "link", "br", "input"}
MAY_STAY_OPEN = {"li", "tr", "td", "th"}


class Form:
    def __init__(self, action):
        self.action, self.fields, self.choices, self.buttons = action, {}, {}, []


class Page(html.parser.HTMLParser):
    """What a browser would make of a page. faults: what should not be there."""

    def __init__(self, status, text):
        super().__init__(convert_charrefs=True)
        self.status, self.raw, self.text = status, text, ""
        self.open, self.faults, self.links, self.forms, self.ids = [], [], [], [], []
        self.named, self.headings, self.area, self.chosen = set(), [], None, None
        self.feed(text)
        self.close()
        self.judge()

    def judge(self):
        left = [tag for tag in self.open if tag not in MAY_STAY_OPEN]
        if left:
            self.faults.append(f"not closed: {left}")
        if len(set(self.ids)) != len(self.ids):
            self.faults.append(f"an id twice: {sorted(self.ids)}")
        if self.headings[:1] != [1] or self.headings.count(1) != 1:
            self.faults.append(f"headings: {self.headings}")
        steps = zip(self.headings, self.headings[1:])
        if any(after > before + 1 for before, after in steps):
            self.faults.append(f"headings leave out a step: {self.headings}")
        missing = self.named - set(self.ids)
        if missing:
            self.faults.append(f"named and not there: {missing}")

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        odd = set(given) - TAGS.get(tag, set())
        if tag not in TAGS or odd:
            self.faults.append(f"<{tag}> with {odd}")
        for name in ("href", "action"):
            if name in given and not re.match(r"(/|\?|#)[^/\\]?", given[name] or ""):
                self.faults.append(f"{name}={given[name]!r}")
        if "id" in given:
            self.ids.append(given["id"])
        self.named |= set(given.get("aria-labelledby", "").split())
        self.named |= set(given.get("aria-describedby", "").split())
        if tag == "label" and "for" in given:
            self.named.add(given["for"])
        if tag not in ALONE:
            self.open.append(tag)
        self.note(tag, given)

    def note(self, tag, given):
        form = self.forms[-1] if self.forms and "form" in self.open else None
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        elif tag == "a":
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append(Form(given["action"]))
        elif form is None:
            return
        elif tag == "input" and given.get("type") in ("radio", "checkbox"):
            form.choices.setdefault(given["name"], []).append(given["value"])
            if "checked" in given:
                form.fields[given["name"]] = given["value"]
        elif tag == "input":
            form.fields[given["name"]] = given.get("value", "")
        elif tag == "textarea":
            self.area = given["name"]
            form.fields[self.area] = ""
        elif tag == "select":
            self.chosen = given["name"]
        elif tag == "option":
            form.choices.setdefault(self.chosen, []).append(given["value"])
            if self.chosen not in form.fields or "selected" in given:
                form.fields[self.chosen] = given["value"]
        elif tag == "button":
            form.buttons.append((given.get("name"), given.get("value")))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag):
        while self.open and self.open[-1] in MAY_STAY_OPEN and self.open[-1] != tag:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")
        if tag == "textarea":
            self.area = None

    def handle_data(self, data):
        self.text += data
        if self.area is not None:
            # a browser drops one line feed behind <textarea>
            self.forms[-1].fields[self.area] += data[1:] if data.startswith("\n") else data

    def handle_comment(self, data):
        self.faults.append(f"a comment: {data}")

    def form(self, action, button=None):
        """The form that goes to an address, and has a button of that value."""
        for form in self.forms:
            if form.action == action and (
                    button is None or button in [value for _, value in form.buttons]):
                return form
        raise AssertionError(f"no form for {action} {button} among {[f.action for f in self.forms]}")


    def form_with(self, field, value=None):
        """The first form that has a field, and of that value."""
        for form in self.forms:
            if field in form.fields and value in (None, form.fields[field]):
                return form
        raise AssertionError(f"no form with {field} {value} among {[f.action for f in self.forms]}")


class Reader:
    """Somebody with a browser."""

    def __init__(self, port, base=""):
        self.port, self.base, self.cookie = port, base, None
        self.origin = f"http://127.0.0.1:{port}"

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        if self.cookie:
            headers.setdefault("Cookie", self.cookie)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return answer, text

    def get(self, path):
        answer, text = self.ask("GET", path.split("#")[0])
        return Page(answer.status, text)

    def send(self, action, fields, **headers):
        """Send a form as a browser does. @return the page that it leads to"""
        said = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin,
                "Sec-Fetch-Site": "same-origin", **headers}
        answer, text = self.ask("POST", action, urllib.parse.urlencode(
            {name: value.replace("\n", "\r\n") for name, value in fields.items()}), **said)
        if answer.status == 303:
            return self.get(answer.getheader("Location"))
        return Page(answer.status, text)

    def press(self, page, action, button=None, **filled):
        """Fill in a form of a page and press its button."""
        form = page.form(action, button)
        fields = {**form.fields, **filled}
        for name, value in form.buttons:
            if name is not None and (button is None or button == value):
                fields[name] = value
        return self.send(action, fields)

    def log_in(self, link):
        page = self.get(urllib.parse.urlsplit(link).path)
        return self.press(page, self.base + "/login")

    def crawl(self, begin, most=None):
        """Every page that links lead to, by its address; at most so many that differ in numbers alone."""
        pages, ways, alike = {}, [begin], collections.Counter()
        while ways:
            path = ways.pop().split("#")[0]
            if path in pages or not path or "/api/" in path:  # what is downloaded is no page
                continue
            alike[re.sub(r"\d+", "0", path)] += 1
            if most is not None and alike[re.sub(r"\d+", "0", path)] > most:
                continue
            pages[path] = self.get(path)
            for link in pages[path].links:
                ways.append(urllib.parse.urljoin(path, link))
        return pages
