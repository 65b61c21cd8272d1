using HaCluster.Cmdlets.Tests.Hosting;

namespace HaCluster.Cmdlets.Tests.Twin;

/// <summary>Tests that share one twin, since a twin takes long to start. Each leaves it as it was.</summary>
[CollectionDefinition(Name)]
public sealed class TwinCollection : ICollectionFixture<TwinFixture>
{
    public const string Name = "twin";
}

/// <summary>A local twin of the stack prod, started with <c>Start-HaTwin</c> as a person starts it, and a shell that is connected to it.</summary>
public sealed class TwinFixture : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Shell _shell = new();
    private string _connection;

    public TwinFixture()
    {
        // Twins and journals of these tests, and none of the person who runs them.
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", _scratch.At("state"));
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", _scratch.At("data"));
        Status = Start();
        _connection = Connect();
        // A schedule may have started a Job just now: the picture is of a cluster in which none runs.
        Shell.Run(Shell.Until("(Get-HaCluster).Pods | ForEach-Object { $_.Ready -ge $_.Total }")).Clean();
        Screen = Shell.Run("$PSStyle.OutputRendering = 'Ansi'; Get-HaCluster | Out-String -Width 100; $PSStyle.OutputRendering = 'Host'").Clean().Text;
        var zones = Shell.Run("Get-HaZone").Clean().Output.Select(zone => (ZoneStatus)zone.BaseObject).ToList();
        Zone = zones[0].Name;
    }

    /// <summary>
    /// With a connection to the twin, whatever the test before did. A twin that has ended fails the test that finds it so, with what it said last; those after it get another.
    /// </summary>
    internal Shell Shell
    {
        get
        {
            if (_shell.Run($"Get-Process -Id {Status.ProcessId} -ErrorAction Ignore").Output.Count == 0)
            {
                var last = string.Join('\n', File.ReadLines(Status.Log).TakeLast(20));
                Status = Start();
                _connection = Connect();
                throw new InvalidOperationException($"the twin had ended and was started again; its log ends with:\n{last}");
            }

            if (_shell.Run("Get-HaConnection").Clean().Output.All(one => ((ConnectionInfo)one.BaseObject).Name != _connection))
                _connection = Connect();
            return _shell;
        }
    }

    public TwinStatus Status { get; private set; }

    /// <summary>What Get-HaCluster showed when it was started, with colours: before any test has changed it.</summary>
    public string Screen { get; }

    /// <summary>A zone that tests evacuate.</summary>
    public string Zone { get; }

    /// <summary>A node in it, whose pods can move.</summary>
    public string Node => Shell.Run($"(Get-HaNode -Zone {Zone} -Pool 'general-*')[0].Name").Clean().Text;

    private TwinStatus Start() =>
        _shell.Run($"Start-HaTwin -Stack prod -Speed 60 -TwinName tests -TimeoutSeconds 600 -ProjectDirectory '{Checkout.Root}'").Clean().Single<TwinStatus>();

    private string Connect() => _shell.Run("Connect-HaCluster -Local -Twin tests").Clean().Single<ConnectionInfo>().Name;

    public void Dispose()
    {
        _shell.Run("Stop-HaTwin tests");
        _shell.Dispose();
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", null);
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", null);
        _scratch.Dispose();
    }
}
