namespace HaCluster.Planning.Proof.Report;

/// <summary>The smallest change found that mends a violation.</summary>
/// <param name="Setting">Key below <c>ha-cluster:</c>, or what to change where no setting reaches.</param>
/// <param name="From">The value now.</param>
/// <param name="To">The value that mends it.</param>
/// <param name="IsVerified">The scenario was proved again with the change, and holds.</param>
public sealed record Repair(string Setting, string From, string To, bool IsVerified)
{
    public override string ToString() => From.Length == 0 ? $"set {Setting} to {To}" : $"change {Setting} from {From} to {To}";
}
