@echo off
setlocal
if not exist "%~dp0files\@SCRIPT@" goto unzip
rem One block is read as a whole: the script may take this file away.
(
powershell.exe -NoLogo -NoProfile -ExecutionPolicy Bypass -File "%~dp0files\@SCRIPT@"
pause
exit /b
)
:unzip
powershell.exe -NoLogo -NoProfile -Command "-join [char[]](@UNZIP@)"
pause
exit /b 1
