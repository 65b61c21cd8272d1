using HaCluster.Stack.Naming;
using Pulumi;

namespace HaCluster.Stack.Workloads;

/// <summary>Images that this repository builds (<c>ha images</c>).</summary>
public static class OwnImage
{
    /// <summary>The user of all of them: infra/Services/Directory.Build.props.</summary>
    public const int User = 1654;

    /// <summary>The image in the account's own registry, unless the settings have one.</summary>
    public static Input<string> Of(string? chosen, StackScope scope, string name, string version)
    {
        if (chosen is not null)
            return chosen;

        var account = scope.Account;
        return Output.Format($"{account.Id}.dkr.ecr.{account.Region}.{account.DnsSuffix}/{scope.ClusterName}/{name}:{version}");
    }
}
