
' ---------------------------------------------------------------------------
' Taizhang. ASCII only: every text a clerk reads stands in the sheet
' "taizhang" of this add-in. TzOnAction is the only Public procedure: no cell
' formula and no shape of a workbook can start anything with words of its own.

Public Sub TzOnAction(control As IRibbonControl)
    Dim Action As String
    Action = TzAction(control.Tag)
    If Action = vbNullString Then Exit Sub
    If Not TzReady(Action) Then Exit Sub
    Application.StatusBar = TzText("running")
    On Error GoTo Failed
    RunPython Action
    TzIdle
    Exit Sub
Failed:
    MsgBox Err.Description, vbCritical, TzText("title")
    TzIdle
End Sub

' A macro may leave its own words in the status bar; only ours are taken away.
Private Sub TzIdle()
    If CStr(Application.StatusBar) = TzText("running") Then Application.StatusBar = False
End Sub

Private Function TzAction(ByVal Tag As String) As String
    Select Case Tag
        Case @ACTIONS@
            TzAction = Tag
        Case Else
            TzAction = vbNullString
    End Select
End Function

Private Function TzReady(ByVal Action As String) As Boolean
    TzReady = True
    Select Case Action
        Case @WITHOUT_BOOK@
            If ActiveWorkbook Is Nothing Then Application.Workbooks.Add
        Case Else
            If ActiveWorkbook Is Nothing Then
                TzReady = False
                MsgBox TzText("no_book"), vbExclamation, TzText("title")
            End If
    End Select
End Function

Private Function TzCommand(ByVal Action As String) As String
    TzCommand = vbNullString
    If TzAction(Action) <> vbNullString Then TzCommand = "import addin.macros; addin.macros." & Action & "()"
End Function

Private Function TzText(ByVal Key As String) As String
    Dim i As Integer
    i = 1
    With ThisWorkbook.Worksheets("taizhang")
        Do While .Cells(i, 1).Value <> ""
            If .Cells(i, 1).Value = Key Then
                TzText = CStr(.Cells(i, 2).Value)
                Exit Function
            End If
            i = i + 1
        Loop
    End With
End Function

Private Function GetConfig(configKey As String) As String
    GetConfig = ExpandEnvironmentStrings(TzText(configKey))
End Function

Private Function RunPython(ByVal Action As String) As Integer
    #If Mac Then
        ExecuteMac Action
    #Else
        RunPython = ExecuteWindows(Action)
    #End If
End Function

Private Sub ShowError(FileName As String)
    Dim Content As String
    Content = TzText("failed") & vbCrLf & vbCrLf & ReadFile(FileName)
    #If Mac Then
        MsgBox Content, vbCritical, TzText("title")
    #Else
        WScript.Popup Content, 0, TzText("title"), 16
    #End If
End Sub
