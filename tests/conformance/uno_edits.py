"""Edits one report inside a running LibreOffice; started by its own Python: uno_edits.py PIPE JOBS.json.

Every job: {"source", "target", "edits": [[kind, bookmark, text, other bookmark]]}; files as URLs.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def connected(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.25)
    raise SystemExit("no LibreOffice")


def option(name, value):
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


def selected(document, bookmark):
    anchor = document.Bookmarks.getByName(bookmark).Anchor
    cursor = anchor.Text.createTextCursorByRange(anchor)
    return anchor.Text, cursor


def edit(context, document, kind, bookmark, text, other):
    if kind == "replace":
        wanted = document.createReplaceDescriptor()
        wanted.SearchString, wanted.ReplaceString = text, other
        document.replaceAll(wanted)
        return
    inside, cursor = selected(document, bookmark)
    if kind == "over":
        cursor.String = text
    elif kind == "before":
        inside.insertString(cursor.Start, text, False)
    elif kind == "within":
        cursor.collapseToStart()
        cursor.goRight(1, False)
        inside.insertString(cursor, text, False)
    elif kind == "after":
        inside.insertString(cursor.End, text, False)
    elif kind == "delete":
        cursor.String = ""
    elif kind == "tracked":
        document.RecordChanges = True
        cursor.String = text
        document.RecordChanges = False
    elif kind == "split":
        inside.insertControlCharacter(cursor.End, 0, False)
    elif kind == "move":
        move(context, document, cursor, other)


def move(context, document, cursor, target):
    """Cut a text and paste it at the end of the paragraph of another bookmark."""
    run = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
    frame = document.CurrentController.Frame
    document.CurrentController.select(cursor)
    run.executeDispatch(frame, ".uno:Cut", "", 0, ())
    _, there = selected(document, target)
    there.gotoEndOfParagraph(False)
    document.CurrentController.select(there)
    run.executeDispatch(frame, ".uno:Paste", "", 0, ())


def main(pipe, jobs):
    context = connected(pipe)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    for job in json.loads(Path(jobs).read_text("utf-8")):
        document = desktop.loadComponentFromURL(job["source"], "_blank", 0, (option("Hidden", True),))
        for one in job["edits"]:
            edit(context, document, *one)
        form = "writer8" if job["target"].endswith(".odt") else "MS Word 2007 XML"
        document.storeToURL(job["target"], (option("FilterName", form),))
        document.close(True)
    with contextlib.suppress(Exception):  # the bridge ends with the office
        desktop.terminate()


main(*sys.argv[1:])
