# 台账：卸掉本用户装的程序、加载项和桌面图标；台账和报告都不动。由“卸载.cmd”启动。
$ErrorActionPreference = 'Stop'
$place = Join-Path $env:LOCALAPPDATA 'Taizhang'
$venv = Join-Path $place 'venv'
$inner = Join-Path $venv 'Scripts\python.exe'

if (Test-Path -LiteralPath $inner) {
    & $inner -I -m scripts.cli addin uninstall
    if ($LASTEXITCODE -ne 0) {
        Write-Host '没有卸完。请照上面的话处理后，再运行一次。' -ForegroundColor Red
        exit 1
    }
}
foreach ($path in $venv, (Join-Path $place 'files'), (Join-Path $place '卸载.cmd')) {
    if (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Recurse -Force }
}
if (Test-Path -LiteralPath (Join-Path $place 'Python')) {
    Write-Host '随安装包装的 Python 还在：要卸它，请到“设置、应用”里找 Python。'
}
elseif ((Test-Path -LiteralPath $place) -and -not (Get-ChildItem -LiteralPath $place -Force)) {
    Remove-Item -LiteralPath $place -Force
}
Write-Host '台账程序已经卸掉。' -ForegroundColor Green
