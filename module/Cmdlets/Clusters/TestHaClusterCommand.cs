using System.Management.Automation;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Clusters;

/// <summary>Tests whether the live cluster is healthy, and proves whether it survives the next loss.</summary>
/// <remarks>
/// <para>The prover of ha prove runs on what the API server and AWS say now: it tries the loss of every zone, node, node group and database writer. What cannot be read or understood is incomplete, and does not pass. Certificates are listed with the days that they have left.</para>
/// </remarks>
/// <example>
/// <para>Test the connected cluster.</para>
/// <code>Test-HaCluster</code>
/// </example>
/// <example>
/// <para>In a script.</para>
/// <code>if (-not (Test-HaCluster -Quiet)) { exit 1 }</code>
/// </example>
/// <example>
/// <para>What would break, and in which scenario.</para>
/// <code>(Test-HaCluster).Proof.Violations</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "HaCluster")]
[OutputType(typeof(ClusterTest))]
[OutputType(typeof(bool))]
public sealed class TestHaClusterCommand : ConnectedCmdlet
{
    /// <summary>Only true or false.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override async Task ProcessAsync()
    {
        var session = Session();
        var activity = $"Test-HaCluster {session.Info.Name}";
        ShowProgress(activity, "reading the cluster");
        var status = await Beside(ClusterEngine.ViewsOf(session).ReadClusterAsync);
        var proof = await ProveAsync(activity);
        EndProgress();
        var test = ClusterChecks.Of(status, proof.Proof, proof.Failure, session.Time.GetUtcNow());
        if (Quiet)
            WriteObject(test.Passed);
        else
            WriteOf(test);
    }

    private async Task<(ClusterProof? Proof, string Failure)> ProveAsync(string activity)
    {
        ShowProgress(activity, "proving");
        var progress = new Progress<string>(phase => ShowProgress(activity, "proving", phase));
        try
        {
            return (await Beside(token => ClusterEngine.ProverOf(Session()).ProveAsync(progress, token)), "");
        }
        catch (HaClusterException exception)
        {
            return (null, exception.Message);
        }
    }
}
