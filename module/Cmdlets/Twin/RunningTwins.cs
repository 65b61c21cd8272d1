namespace HaCluster.Cmdlets.Twin;

internal sealed record RunningTwin(string Name, string Stack, int ProcessId);

internal static class RunningTwins
{
    public static IReadOnlyList<RunningTwin> List() => [];

    public static RunningTwin Only() => throw new NotImplementedException();
}
