; The installer for Windows, by Inno Setup: iscc packaging\conventool.iss, after PyInstaller has made dist\conventool.exe.
; For one person, without rights of an administrator.
[Setup]
AppId=conventool
AppName=conventool
AppVersion=0.1.0
DefaultDirName={autopf}\conventool
PrivilegesRequired=lowest
ChangesEnvironment=yes
OutputBaseFilename=conventool-installation
DisableProgramGroupPage=yes

[Languages]
Name: fr; MessagesFile: compiler:Languages\French.isl

[Files]
Source: ..\dist\conventool.exe; DestDir: {app}
Source: remplir-une-liste.cmd; DestDir: {app}
Source: ..\examples\*; DestDir: {userdocs}\conventool\exemples; Flags: recursesubdirs onlyifdoesntexist

[Icons]
Name: {autodesktop}\Conventions; Filename: {app}\conventool.exe; Parameters: page; WorkingDir: {userdocs}\conventool
Name: {usersendto}\Remplir les conventions de cette liste; Filename: {app}\remplir-une-liste.cmd

[Registry]
Root: HKCU; Subkey: Environment; ValueType: expandsz; ValueName: Path; ValueData: {olddata};{app}; Check: NeedsPath

[Code]
function NeedsPath: Boolean;
var
  Path: String;
begin
  Result := not RegQueryStringValue(HKCU, 'Environment', 'Path', Path) or (Pos(ExpandConstant('{app}'), Path) = 0);
end;
