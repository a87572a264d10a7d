; Said when it is removed, and not when a newer version takes its place: what a person recorded is theirs, and stays.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    MessageBox MB_OK|MB_ICONINFORMATION "Perpscope is removed. What it recorded stays in $APPDATA\Perpscope; delete that folder to delete all of it." /SD IDOK
  ${endIf}
!macroend
