# 台账：装到本用户，不联网，不要管理员权限。由“安装.cmd”启动。
$ErrorActionPreference = 'Stop'
$package = Split-Path -Parent $PSScriptRoot
$place = Join-Path $env:LOCALAPPDATA 'Taizhang'
$venv = Join-Path $place 'venv'
$versions = '@VERSIONS@' -split ' '

function Stop-With([string]$text) {
    Write-Host $text -ForegroundColor Red
    exit 1
}

function Test-Package {
    $sums = Join-Path $package 'SHA256SUMS'
    foreach ($line in [IO.File]::ReadAllLines($sums, [Text.Encoding]::UTF8)) {
        $sum, $name = $line -split '  ', 2
        $file = Join-Path $package ($name -replace '/', '\')
        if (-not (Test-Path -LiteralPath $file)) { Stop-With "安装包缺少“$name”。请重新拷一份完整的安装包，全部解压后再试。" }
        if ((Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash -ne $sum) {
            Stop-With "“$name”和打包时不一样，没有安装。请重新拷一份安装包再试。"
        }
    }
}

function Test-Python([string]$path) {
    if (-not $path -or -not (Test-Path -LiteralPath $path)) { return $false }
    if ($path -like '*\WindowsApps\*') { return $false }
    $said = & $path -I -c 'import struct, sys; print(*sys.version_info[:2], struct.calcsize(chr(80)), sep=chr(46))'
    return ($LASTEXITCODE -eq 0) -and ($versions | Where-Object { $said -eq "$_.8" })
}

function Find-Python {
    $own = Join-Path $place 'Python\python.exe'
    if (Test-Python $own) { return $own }
    foreach ($version in $versions) {
        foreach ($hive in 'HKCU:', 'HKLM:') {
            $key = "$hive\Software\Python\PythonCore\$version\InstallPath"
            $value = (Get-ItemProperty -Path $key -ErrorAction SilentlyContinue).'(default)'
            if ($value) {
                $path = Join-Path $value 'python.exe'
                if (Test-Python $path) { return $path }
            }
        }
    }
    return ''
}

function Install-Python {
    $setup = Get-ChildItem -Path $PSScriptRoot -Filter 'python-*.exe' | Select-Object -First 1
    if (-not $setup) {
        Stop-With "这台电脑没有 64 位的 Python $($versions -join '、')，安装包里也没有带。请先装好 Python，或请做安装包的人用 --python 带上它。"
    }
    Write-Host '正在装 Python（只给本用户），要一两分钟……'
    $target = Join-Path $place 'Python'
    $words = '/quiet', 'InstallAllUsers=0', 'PrependPath=0', 'Include_launcher=0', 'Include_test=0',
             'AssociateFiles=0', 'Shortcuts=0', "TargetDir=`"$target`""
    $run = Start-Process -FilePath $setup.FullName -ArgumentList $words -Wait -PassThru
    if ($run.ExitCode -ne 0 -and $run.ExitCode -ne 3010) {
        Stop-With "Python 没有装上（代码 $($run.ExitCode)），可能被杀毒软件或组策略拦住了。请管理员放行后再试。"
    }
    return (Join-Path $target 'python.exe')
}

if (-not [Environment]::Is64BitOperatingSystem) { Stop-With '这台电脑是 32 位的 Windows，装不了。请换一台 64 位的电脑。' }
Write-Host '正在核对安装包……'
Test-Package
Get-ChildItem -LiteralPath $package -Recurse -File | Unblock-File -ErrorAction SilentlyContinue
$python = Find-Python
if (-not $python) { $python = Install-Python }
Write-Host "Python：$python"

Write-Host '正在安装台账程序……'
& $python -I -m venv --without-pip --clear $venv
if ($LASTEXITCODE -ne 0) { Stop-With "写不进 $venv。请关掉所有 Excel、WPS 窗口再试；还不行，请管理员放开这个文件夹。" }
$inner = Join-Path $venv 'Scripts\python.exe'
$wheels = Join-Path $PSScriptRoot 'wheels'
$pip = Join-Path (Get-ChildItem -Path $wheels -Filter 'pip-*.whl' | Select-Object -First 1).FullName 'pip'
& $inner -I $pip --isolated --disable-pip-version-check install --quiet --no-index --find-links $wheels 'taizhang==@VERSION@'
if ($LASTEXITCODE -ne 0) { Stop-With '零件没有装齐，没有装成。请把上面的话发给做安装包的人。' }
foreach ($name in 'files\uninstall.ps1', '卸载.cmd') {
    $target = Join-Path $place $name
    New-Item -ItemType Directory -Force -Path (Split-Path -Parent $target) | Out-Null
    Copy-Item -LiteralPath (Join-Path $package $name) -Destination $target -Force
}
& $inner -I -m scripts.cli addin install
if ($LASTEXITCODE -ne 0) { Stop-With '程序装好了，加载项没有装上。请照上面的话处理后，再运行一次“安装.cmd”。' }
Write-Host "以后要卸载，运行：$(Join-Path $place '卸载.cmd')" -ForegroundColor Green
