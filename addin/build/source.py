"""The add-in's one VBA module: what is needed of the installed xlwings, hardened, and our callback behind it.

Stock xlwings trusts the workbook in front: a config sheet or a file beside it chooses
the interpreter, sheets named *.py run, its folder and <workbook>.zip go on sys.path,
its name goes on a cmd.exe line, and every Public function can be called from a cell.
Here nothing of the workbook reaches the command line, settings come from the add-in's
own sheet alone, and one Public procedure takes a ribbon control and no words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from addin import VERSION
from addin.buttons import Button
from workbook.findings import Refusal

MODULE = "TzRun"


class Change(NamedTuple):
    """Text from `start` up to `until` becomes `new`; `until` "" is the end of `start`, None the end of the text."""

    start: str
    until: str | None
    new: str = ""


CHANGES = (
    Change('Attribute VB_Name = "xlwings"\n#Const App', "'Version:", f'Attribute VB_Name = "{MODULE}"\n'),
    Change("'Attribute VB_Name = \"Main\"", "Public Const XLWINGS_VERSION"),  # DLLs of the UDF server
    Change("Public Const PROJECT_NAME", "Sub ExecuteMac("),  # RunPython: ours stands in taizhang.bas
    Change("Sub ExecuteMac(PythonCommand As String, PYTHON_MAC As String, Optional PYTHONPATH As String)\n", "",
           "Sub ExecuteMac(ByVal Action As String)\n"),
    Change("    ' Transform paths\n", "    If PYTHON_MAC <> ", (
        "    Dim PythonCommand As String, PYTHON_MAC As String, PYTHONPATH As String\n"
        "    PythonCommand = TzCommand(Action)\n"
        "    If PythonCommand = vbNullString Then Exit Sub\n"
        '    PYTHON_MAC = GetConfig("INTERPRETER_MAC")\n'
        '    PYTHONPATH = "false;;;;"\n\n')),
    Change('ParameterString + "|" + ActiveWorkbook.Name', "", 'ParameterString + "|-"'),
    Change('    MsgBox "To enable RunPython, please run', "    #End If",
           '    MsgBox TzText("mac_script"), vbCritical, TzText("title")\n'),
    Change("Function ExecuteWindows(IsFrozen", "    ' Call a command window",
           "Function ExecuteWindows(ByVal Action As String) As Integer\n"),
    Change("    Dim ShowConsole As Integer\n", "    Dim WaitOnReturn", (
        "    Dim PythonCommand As String, PYTHON_WIN As String, TempDir As String\n"
        "    PythonCommand = TzCommand(Action)\n"
        "    If PythonCommand = vbNullString Then Exit Function\n"
        '    PYTHON_WIN = GetConfig("INTERPRETER_WIN")\n\n')),
    Change("WindowStyle = ShowConsole", "", "WindowStyle = 0"),
    Change('GetConfig("TEMP DIR", Environ("Temp")) \'undocumented setting', "", 'Environ("Temp")'),
    Change("    If Not IsFrozen And (PYTHON_WIN", "    If Left$(PYTHON_WIN, 2) Like", (
        "    If Not FileExists(PYTHON_WIN) Then\n"
        '        MsgBox TzText("no_python") & vbCrLf & PYTHON_WIN, vbCritical, TzText("title")\n'
        "        Exit Function\n"
        "    End If\n"
        "    PythonDir = ParentFolder(PYTHON_WIN)\n\n")),
    Change('    If PYTHON_WIN <> "python" And PYTHON_WIN <> "pythonw" Then\n        PythonInterpreter = Chr(34)',
           "    ExitCode = WScript.Run(",
           '    RunCommand = Chr(34) & PYTHON_WIN & Chr(34) & " -I -B -c """ & PythonCommand & """"\n\n'),
    Change('" --wb=" & """" & ActiveWorkbook.Name & """ --from_xl=1"', "", f'" --from_xl=1 --addin={VERSION}"'),
    Change("Public Function RunFrozenPython(", "Private Sub CleanUp()"),
    Change("Function XLPyCommand()", "Function WScript("),  # UDF server, config sheets and files
    Change("Function IsFullName(", "Function FileExists("),
    Change("Function GetDirectory(", "Function KillFileOnMac("),
    Change("Sub ShowError(FileName", "Function ExpandEnvironmentStrings("),
    Change('#If App = "Microsoft Excel" Then\nFunction SheetExists(', "Public Function CreateGUID()"),
    Change("Function CheckConda(", None),
)
_VISIBLE = re.compile(r"^(?:Public )?(Function|Sub|Const) ", re.MULTILINE)


def stock() -> str:
    """The VBA of a custom add-in as the installed xlwings ships it, with \\n line ends."""
    import xlwings

    return (Path(xlwings.__file__).parent / "xlwings_custom_addin.bas").read_text("ascii").replace("\r\n", "\n")


def module_source(buttons: Sequence[Button]) -> str:
    """The whole module, ASCII, CRLF; raises Refusal where the installed xlwings' text is not the one we know."""
    ours = Path(__file__).parents[1].joinpath("vba", "taizhang.bas").read_text("ascii").replace("\r\n", "\n")
    for name, chosen in (("@ACTIONS@", buttons), ("@WITHOUT_BOOK@", [b for b in buttons if not b.needs_book])):
        ours = ours.replace(name, _cases(chosen))
    return (hardened(stock()) + ours).replace("\n", "\r\n")


def hardened(text: str) -> str:
    """xlwings' VBA after every change, with nothing Public left."""
    for change in CHANGES:
        text = _changed(text, change)
    return _VISIBLE.sub(r"Private \1 ", text)


def _changed(text: str, change: Change) -> str:
    if text.count(change.start) != 1:
        raise _unknown(change)
    before, after = text.split(change.start)
    if change.until is None:
        return before + change.new
    if change.until not in after:
        raise _unknown(change)
    return before + change.new + after[after.index(change.until):]


def _unknown(change: Change) -> Refusal:
    from importlib.metadata import version

    return Refusal(f"xlwings {version('xlwings')} 的“{change.start.splitlines()[0].strip()}”一段和核对过的不一样，"
                   "没有生成加载项。请换回和本工具一起发的 xlwings 再试。")


def _cases(buttons: Iterable[Button]) -> str:
    return ", ".join(f'"{button.macro}"' for button in buttons) or '""'
