# The program and its installer on Windows. Not run on the machine this was written on.
# Needs Python 3.11 to 3.13 (-Python), and Inno Setup 6.3 or newer for the installer.
param([string]$Python = "python")
$ErrorActionPreference = "Stop"
$PSNativeCommandUseErrorActionPreference = $true
Set-Location "$PSScriptRoot\..\.."

$venv = "build\frozen-venv"
& $Python -m venv --clear $venv
$py = "$venv\Scripts\python.exe"
& $py -m pip --quiet install --require-hashes --only-binary :all: -r packaging\requirements-dev.lock
$version = & $py -c "import tomllib; print(tomllib.load(open('pyproject.toml', 'rb'))['project']['version'])"
if (Test-Path dist) { Remove-Item -Recurse dist }
& $py -m build --no-isolation --outdir dist .

# What is frozen has the locked requirements alone.
& $Python -m venv --clear $venv
& $py -m pip --quiet install --require-hashes --only-binary :all: -r packaging\requirements-package.lock
& $py -m pip --quiet install --no-deps (Get-Item dist\tagloom-*.whl).FullName
& $py packaging\papers\icons.py ico build\tagloom.ico
& $py packaging\windows\version_info.py $version build\version_info.txt
$env:PYTHONHASHSEED = "1"
& $py -m PyInstaller --noconfirm --log-level WARN --distpath build\frozen --workpath build\frozen-work packaging\tagloom.spec
$env:PYTHONUTF8 = "1"
& build\frozen\tagloom\tagloom.exe licences | Out-File -Encoding utf8 build\frozen\tagloom\LICENCES.txt
& build\frozen\tagloom\tagloom.exe doctor --offline

# Signed where a certificate is set up: SIGNTOOL is the whole command, with $f for the file.
$sign = @()
if ($env:SIGNTOOL) { $sign = @("/DSign", "/Ssigntool=$env:SIGNTOOL") }
$iscc = "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe"
& $iscc "/DVersion=$version" @sign packaging\windows\tagloom.iss
