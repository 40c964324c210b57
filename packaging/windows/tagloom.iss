; The installer for Windows, by Inno Setup 6.3 or newer. Not run on the machine this was written on: it is read by
; tests/packaging, and a maintainer or the release workflow runs packaging\windows\build.ps1.
; Per user, without an administrator; a newer version goes over an older one.
#ifndef Version
  #error "say /DVersion=1.2.3"
#endif

[Setup]
AppId={{6F0B6C6E-52F1-4E0B-9C39-7A1D6C1A8E55}
AppName=Tagloom
AppVersion={#Version}
AppPublisher=Tagloom contributors
DefaultDirName={autopf}\Tagloom
DefaultGroupName=Tagloom
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
UsePreviousAppDir=yes
UsePreviousTasks=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
ChangesAssociations=yes
CloseApplications=yes
RestartApplications=no
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\tagloom.ico
UninstallDisplayIcon={app}\tagloom-window.exe
UninstallDisplayName=Tagloom
OutputDir=..\..\dist
OutputBaseFilename=tagloom-{#Version}-windows-x86_64
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
#ifdef Sign
SignTool=signtool
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "Put an icon on the desktop"; Flags: unchecked
Name: "path"; Description: "Make ""tagloom"" a command in terminals"; Flags: unchecked

[InstallDelete]
; What the older version had and this one has not must not stay beside it.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\build\frozen\tagloom\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Tagloom"; Filename: "{app}\tagloom-window.exe"; AppUserModelID: "Tagloom.Tagloom"
Name: "{autodesktop}\Tagloom"; Filename: "{app}\tagloom-window.exe"; AppUserModelID: "Tagloom.Tagloom"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.tagloom"; ValueType: string; ValueName: ""; ValueData: "Tagloom.Document"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.tagloom"; ValueType: string; ValueName: "Content Type"; ValueData: "application/x-tagloom+json"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.tagloomz"; ValueType: string; ValueName: ""; ValueData: "Tagloom.Bundle"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.tagloomz"; ValueType: string; ValueName: "Content Type"; ValueData: "application/x-tagloom+zip"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\Tagloom.Document"; ValueType: string; ValueName: ""; ValueData: "Tagloom document"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Tagloom.Document\DefaultIcon"; ValueType: string; ValueName: ""; ValueData: "{app}\tagloom-window.exe,0"
Root: HKA; Subkey: "Software\Classes\Tagloom.Document\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\tagloom-window.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\Tagloom.Bundle"; ValueType: string; ValueName: ""; ValueData: "Tagloom bundle with its pictures"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Tagloom.Bundle\DefaultIcon"; ValueType: string; ValueName: ""; ValueData: "{app}\tagloom-window.exe,0"
Root: HKA; Subkey: "Software\Classes\Tagloom.Bundle\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\tagloom-window.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\Applications\tagloom-window.exe\SupportedTypes"; ValueType: string; ValueName: ".tagloom"; ValueData: ""; Flags: uninsdeletekey

[Run]
Filename: "{app}\tagloom-window.exe"; Description: "Start Tagloom"; Flags: nowait postinstall skipifsilent

[Code]
const
  EnvironmentKey = 'Environment';

{ The folders of app/basics/places.py on Windows; the documents are elsewhere and are never touched. }
function DataFolder: String;
begin
  Result := ExpandConstant('{localappdata}\tagloom');
end;

procedure AddToPath;
var
  Path: String;
begin
  if not RegQueryStringValue(HKCU, EnvironmentKey, 'Path', Path) then
    Path := '';
  if Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', ';' + Lowercase(Path) + ';') = 0 then
  begin
    if (Path <> '') and (Path[Length(Path)] <> ';') then
      Path := Path + ';';
    RegWriteExpandStringValue(HKCU, EnvironmentKey, 'Path', Path + ExpandConstant('{app}'));
  end;
end;

procedure TakeFromPath;
var
  Path: String;
  At: Integer;
begin
  if not RegQueryStringValue(HKCU, EnvironmentKey, 'Path', Path) then
    exit;
  At := Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', ';' + Lowercase(Path) + ';');
  if At > 0 then
  begin
    Path := ';' + Path + ';';
    Delete(Path, At, Length(ExpandConstant('{app}')) + 1);
    Path := Copy(Path, 2, Length(Path) - 2);
    RegWriteExpandStringValue(HKCU, EnvironmentKey, 'Path', Path);
  end;
end;

procedure CurStepChanged(CurStep: TSetupStep);
begin
  if (CurStep = ssPostInstall) and WizardIsTaskSelected('path') then
    AddToPath;
end;

{ Each is asked for by itself, "keep" being the default and the answer of a silent uninstall. }
function Wanted(Question: String): Boolean;
begin
  Result := SuppressibleMsgBox(Question, mbConfirmation, MB_YESNO or MB_DEFBUTTON2, IDNO) = IDYES;
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
begin
  if CurUninstallStep <> usPostUninstall then
    exit;
  TakeFromPath;
  DelTree(DataFolder + '\Cache', True, True, True);
  DelTree(DataFolder + '\Logs', True, True, True);
  if Wanted('Delete the settings, templates and snippets too? Your documents are not touched.') then
  begin
    DeleteFile(DataFolder + '\options.json');
    DelTree(DataFolder + '\templates', True, True, True);
    DelTree(DataFolder + '\snippets', True, True, True);
  end;
  if Wanted('Delete the library too? It holds every picture that was bought; they cannot be fetched again.') then
    DelTree(DataFolder + '\library', True, True, True);
  if Wanted('Delete the ledger too? It is the record of what was bought and what it cost.') then
    DelTree(DataFolder + '\ledger.sqlite*', False, True, False);
  RemoveDir(DataFolder);
end;
