namespace HaCluster.Planning.Stacks;

/// <summary>Settings that were read, and break what <c>Pulumi.yaml</c> declares about them or what the plan needs of them. Each error starts with its key.</summary>
public sealed class RefusedSettingsException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
