"""What Excel's own settings and the group policies do to an add-in in XLSTART (MS Office ADMX, Trust Center)."""

from __future__ import annotations

import ntpath
from collections.abc import Iterator

from addin.install.findings import BAD, GOOD, NOTE, Check
from addin.install.machine import Machine
from addin.install.places import ADDIN, OFFICE, addin_folders, excel_versions

_POLICIES = r"HKCU\Software\Policies\Microsoft\Office"
_NO_MACROS = 4
ASK = "请管理员核对组策略，或用桌面图标“校验台账”“生成报告”。"


def excel_checks(machine: Machine) -> Iterator[Check]:
    """Disabled items, macro settings, trusted locations of every version of Excel the user has settings of."""
    if not machine.windows:
        return
    for version in excel_versions(machine):
        if any(name.lower() == "excel" for name in machine.registry.keys(rf"{OFFICE}\{version}")):
            yield from _disabled(machine, version)
            yield from _trust(machine, version)


def _disabled(machine: Machine, version: str) -> Iterator[Check]:
    """Excel disables an add-in at whose loading it once crashed; each value holds the path in UTF-16."""
    key = rf"{OFFICE}\{version}\Excel\Resiliency\DisabledItems"
    held = [value.decode("utf-16-le", "replace") for value in machine.registry.values(key).values()
            if isinstance(value, bytes)]
    if any(ADDIN in text.lower() for text in held):
        yield Check("disabled", BAD, f"Excel {version} 把加载项禁用了（上次启动时出过错）",
                    "请在 Excel 里：文件、选项、加载项、管理“禁用项目”、转到、启用它，再重开 Excel。")
    else:
        yield Check("disabled", GOOD, f"Excel {version} 没有禁用加载项")


def _trust(machine: Machine, version: str) -> Iterator[Check]:
    own, policy = rf"{OFFICE}\{version}\Excel\Security", rf"{_POLICIES}\{version}\Excel\Security"
    places = (rf"{policy}\Trusted Locations", rf"{own}\Trusted Locations")
    macros = [machine.number(key, "VBAWarnings") for key in (policy, own)]
    if any(machine.number(key, "AllLocationsDisabled") for key in places):
        yield Check("trust", BAD, f"Excel {version} 停用了所有受信任位置，加载项不会运行", ASK)
    elif network(str(addin_folders(machine)[0])) and not machine.number(places[1], "AllowNetworkLocations"):
        yield Check("trust", NOTE, f"加载项的文件夹被策略移到了网络上：{addin_folders(machine)[0]}",
                    "要在信任中心允许“网络上的受信任位置”；不行就用桌面图标。")
    elif macros[0] == _NO_MACROS:
        yield Check("trust", NOTE, f"组策略禁用了 Excel {version} 的宏；受信任位置里的加载项一般不受影响",
                    f"按钮没有反应时，{ASK}")
    else:
        yield Check("trust", GOOD, f"Excel {version} 的宏设置不挡加载项（不需要“信任对 VBA 工程的访问”）")
    if machine.number(rf"{own}\Trusted Locations", "AllLocationsDisabled") is None and _foreign_locations(machine, own):
        yield Check("location", NOTE, f"Excel {version} 的受信任位置里没有 XLSTART",
                    "按钮灰着时，请在信任中心把它加进去。")


def _foreign_locations(machine: Machine, own: str) -> bool:
    """Whether trusted locations are listed and XLSTART is not among them."""
    key = rf"{own}\Trusted Locations"
    listed = [str(machine.value(rf"{key}\{name}", "Path") or "") for name in machine.registry.keys(key)]
    return bool(listed) and not any("xlstart" in machine.expanded(path).lower() for path in listed)


def network(path: str) -> bool:
    r"""Whether a Windows path stands on another computer (\\server\share)."""
    return ntpath.splitdrive(path)[0].startswith("\\\\")
