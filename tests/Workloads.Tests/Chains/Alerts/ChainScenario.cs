namespace HaCluster.Workloads.Tests.Chains.Alerts;

/// <summary>Something goes wrong with the nodes of a chain, fires alerts, and is put right.</summary>
/// <param name="Fires">Alerts that must fire, and end when it is put right.</param>
/// <param name="Break">Makes it go wrong.</param>
/// <param name="Repair">Puts it right.</param>
internal sealed record ChainScenario(string Name, string[] Fires, Func<ChainStage, Task> Break, Func<ChainStage, Task> Repair)
{
    public ChainScenario(string name, string[] fires, Action<ChainStage> @break, Action<ChainStage> repair)
        : this(name, fires, Done(@break), Done(repair))
    {
    }

    public ChainScenario(string name, string[] fires, Func<ChainStage, Task> @break, Action<ChainStage> repair)
        : this(name, fires, @break, Done(repair))
    {
    }

    /// <summary>Alerts that may fire as well where the machine is slow, because the time of day goes on.</summary>
    public string[] MayFire { get; init; } = [];

    private static Func<ChainStage, Task> Done(Action<ChainStage> act) => stage =>
    {
        act(stage);
        return Task.CompletedTask;
    };
}
