"""Runs within LibreOffice for the tests: what the extension runs on a click, and a word of its own on top."""

import os
import socket

import uno
import unohelper
from com.sun.star.lang import XServiceInfo
from taizhang_inside.office import Office
from taizhang_inside.serving import OPERATIONS, serve

NAME = "cn.taizhang.tests.Server"


def run(office, code):
    """Test code with the office at hand; what it leaves in `said` is the answer."""
    names = {"office": office, "uno": uno, "said": None}
    exec(code, names)
    return names["said"]


class Server(unohelper.Base, XServiceInfo):
    """Calls the tests back, and answers them until they hang up."""

    def __init__(self, context, *arguments):
        with socket.create_connection(("127.0.0.1", int(os.environ["TAIZHANG_TEST_PORT"]))) as line:
            serve(Office(context, None, "台账"), line.makefile("rb"), line.sendall)

    def getImplementationName(self):
        return NAME

    def supportsService(self, name):
        return name == NAME

    def getSupportedServiceNames(self):
        return (NAME,)


OPERATIONS["run"] = run
g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Server, NAME, (NAME,))
