"""The menu's protocol handler: LibreOffice loads it from the extension, in its own Python."""

from __future__ import annotations

import os
from typing import Any

import uno
import unohelper
from com.sun.star.frame import XDispatch, XDispatchProvider
from com.sun.star.lang import XInitialization, XServiceInfo
from taizhang_inside.clicking import click, settings

NAME, SERVICE = "cn.taizhang.addin.Handler", "com.sun.star.frame.ProtocolHandler"
PROTOCOL = "cn.taizhang.addin:"
_OWN = ("", "private:user")
_PLACE = "/singletons/com.sun.star.deployment.PackageInformationProvider"


class Handler(unohelper.Base, XDispatchProvider, XDispatch, XInitialization, XServiceInfo):
    """Takes a macro's name from a menu or a toolbar and nothing else; a link in a document starts nothing."""

    def __init__(self, context: Any, *arguments: Any) -> None:
        self.context, self.window = context, None

    def initialize(self, arguments: Any) -> None:
        self.window = arguments[0] if arguments else None

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:
        return self if url.Protocol == PROTOCOL else None

    def queryDispatches(self, asked: Any) -> Any:
        return tuple(self.queryDispatch(one.FeatureURL, one.FrameName, one.SearchFlags) for one in asked)

    def dispatch(self, url: Any, arguments: Any) -> None:
        sent = next((one.Value for one in arguments if one.Name == "Referer"), "")
        if self.window is not None and sent in _OWN:
            place = self.context.getValueByName(_PLACE).getPackageLocation("cn.taizhang.addin")
            click(self.context, self.window, url.Path, settings(os.path.join(uno.fileUrlToSystemPath(place))))

    def addStatusListener(self, listener: Any, url: Any) -> None:
        state = uno.createUnoStruct("com.sun.star.frame.FeatureStateEvent")
        state.FeatureURL, state.IsEnabled, state.Source = url, True, self
        listener.statusChanged(state)

    def removeStatusListener(self, listener: Any, url: Any) -> None:
        """No listener is kept."""

    def getImplementationName(self) -> str:
        return NAME

    def supportsService(self, name: str) -> bool:
        return name == SERVICE

    def getSupportedServiceNames(self) -> Any:
        return (SERVICE,)


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Handler, NAME, (SERVICE,))
