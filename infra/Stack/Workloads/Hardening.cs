using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace HaCluster.Stack.Workloads;

/// <summary>What every pod of ours gives up, as the Pod Security level "restricted" asks: typed for own objects, as values for charts.</summary>
public static class Hardening
{
    /// <param name="user">Id of the user that the image runs as.</param>
    /// <param name="fileGroup">Group that owns its volumes.</param>
    public static PodSecurityContextArgs Pod(int user, int? fileGroup = null)
    {
        var context = new PodSecurityContextArgs
        {
            RunAsNonRoot = true,
            RunAsUser = user,
            RunAsGroup = fileGroup ?? user,
            SeccompProfile = new SeccompProfileArgs { Type = "RuntimeDefault" },
        };
        if (fileGroup is { } group)
        {
            context.FsGroup = group;
            // Volumes of chain nodes have millions of files; changing the owner of each at every start would take minutes.
            context.FsGroupChangePolicy = "OnRootMismatch";
        }

        return context;
    }

    public static SecurityContextArgs Container() => new()
    {
        AllowPrivilegeEscalation = false,
        ReadOnlyRootFilesystem = true,
        Capabilities = new CapabilitiesArgs { Drop = { "ALL" } },
    };

    /// <summary>For the values of a chart.</summary>
    public static Dictionary<string, object> PodValues(int user) => new()
    {
        ["runAsNonRoot"] = true,
        ["runAsUser"] = user,
        ["runAsGroup"] = user,
        ["fsGroup"] = user,
        ["seccompProfile"] = new Dictionary<string, object> { ["type"] = "RuntimeDefault" },
    };

    /// <summary>For the values of a chart.</summary>
    public static Dictionary<string, object> ContainerValues() => new()
    {
        ["allowPrivilegeEscalation"] = false,
        ["readOnlyRootFilesystem"] = true,
        ["capabilities"] = new Dictionary<string, object> { ["drop"] = new[] { "ALL" } },
    };
}
