namespace HaCluster.Planning.Stacks;

/// <summary>Settings that were read but break what <c>Pulumi.yaml</c> declares about them; one error a line, each starting with its key.</summary>
public sealed class RefusedSettingsException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
