using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace HaCluster.Cmdlets.Tests.Hosting;

/// <summary>What a script left on its streams.</summary>
internal sealed record ShellResult(
    IReadOnlyList<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings, IReadOnlyList<string> Verbose, IReadOnlyList<string> Information,
    IReadOnlyList<ProgressRecord> Progress)
{
    /// <summary>The only error, as scripts compare it: <c>NotConnected,HaCluster.Cmdlets...</c> without the class.</summary>
    public ErrorRecord Error => Assert.Single(Errors);

    public string ErrorId => Error.FullyQualifiedErrorId.Split(',')[0];

    /// <summary>All that a person reads of the only error: what is wrong, and the recommendation.</summary>
    public string Told => $"{Error}. {Error.ErrorDetails?.RecommendedAction}";

    public string Text => string.Join('\n', Output.Select(item => item?.ToString() ?? "")).ReplaceLineEndings("\n");

    public T Single<T>() => Assert.IsType<T>(Assert.Single(Output).BaseObject);

    /// <summary>Fails the test when there were errors.</summary>
    public ShellResult Clean()
    {
        Assert.True(Errors.Count == 0, string.Join('\n', Errors.Select(error => error.ToString())));
        return this;
    }
}

/// <summary>A PowerShell in this process, with the module imported.</summary>
internal sealed class Shell : IDisposable
{
    private readonly Runspace _runspace;

    /// <param name="isImported">Whether the module is imported.</param>
    public Shell(bool isImported = true)
    {
        var state = InitialSessionState.CreateDefault2();
        if (isImported)
            state.ImportPSModule([Checkout.Manifest]);
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    public Runspace Runspace => _runspace;

    /// <summary>A pipeline that is not started.</summary>
    public PowerShell Create(string script)
    {
        var shell = PowerShell.Create();
        shell.Runspace = _runspace;
        return shell.AddScript(script);
    }

    public ShellResult Run(string script)
    {
        using var shell = Create(script);
        List<PSObject> output;
        var errors = new List<ErrorRecord>();
        try
        {
            output = [.. shell.Invoke()];
        }
        catch (RuntimeException exception)
        {
            output = [];
            errors.Add(exception.ErrorRecord);
        }

        errors.InsertRange(0, shell.Streams.Error);
        return new ShellResult(
            output, errors, [.. shell.Streams.Warning.Select(record => record.Message)], [.. shell.Streams.Verbose.Select(record => record.Message)],
            [.. shell.Streams.Information.Select(record => record.MessageData?.ToString() ?? "")], [.. shell.Streams.Progress]);
    }

    /// <summary>Values that Tab offers at the end of a line, however long the cluster takes to answer.</summary>
    public IReadOnlyList<string> Complete(string line)
    {
        var module = ((CmdletInfo)Run("Get-Command Connect-HaCluster").Clean().Output.Single().BaseObject).ImplementingType.Assembly;
        module.GetType("HaCluster.Cmdlets.Completion.ClusterCompleter", throwOnError: true)!
            .GetProperty("Timeout", BindingFlags.NonPublic | BindingFlags.Static)!.SetValue(null, Waiting.Limit);
        return [.. Run($"(TabExpansion2 '{line}' {line.Length}).CompletionMatches | Where-Object ResultType -eq ParameterValue | ForEach-Object CompletionText").Clean().Output.Select(one => $"{one}")];
    }

    /// <summary>A script that waits until a condition holds, and fails with it when it never does.</summary>
    /// <param name="condition">In parentheses where it is more than one expression; without single quotation marks in it.</param>
    public static string Until(string condition) =>
        $"$end = [datetime]::UtcNow.AddMinutes(6); while (-not ({condition})) {{ if ([datetime]::UtcNow -gt $end) {{ throw 'not within six minutes: {condition}' }}; Start-Sleep -Milliseconds 500 }}";

    /// <summary>What a person sees in a terminal of this width, without colours.</summary>
    public string Show(string script, int width = 100) =>
        Run($"$PSStyle.OutputRendering = 'PlainText'; {script} | Out-String -Width {width}").Clean().Text.Trim('\n').TrimEnd();

    public void Dispose() => _runspace.Dispose();
}
