namespace HaCluster.Services;

/// <summary>Places at which a process may be killed. Tests kill it there; the program passes by.</summary>
internal interface IFaultPoints
{
    /// <param name="point">One of those that the service names.</param>
    void Reach(string point);
}

/// <summary>Nothing happens at any point.</summary>
internal sealed class NoFaults : IFaultPoints
{
    public static NoFaults Instance { get; } = new();

    public void Reach(string point)
    {
    }
}
