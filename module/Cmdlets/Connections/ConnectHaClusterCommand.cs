using System.Management.Automation;
using System.Text.RegularExpressions;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Operations.Connecting;

namespace HaCluster.Cmdlets.Connections;

/// <summary>Connects to a cluster: of a Pulumi stack, of a kubeconfig, or a local twin.</summary>
/// <remarks>
/// <para>Kubernetes and AWS are asked once, so that a wrong context, an expired token or a missing permission shows now. Neither kubectl nor the aws CLI is needed: an EKS token is made from your AWS credentials.</para>
/// <para>All runspaces of the process share the connection, those of ForEach-Object -Parallel and thread jobs too. A job in another process connects for itself.</para>
/// </remarks>
/// <example>
/// <para>The cluster of a stack, from the folder with Pulumi.yaml.</para>
/// <code>Connect-HaCluster -Stack prod</code>
/// </example>
/// <example>
/// <para>A cluster by the context of a kubeconfig, beside another one.</para>
/// <code>Connect-HaCluster -Kubeconfig ~/.kube/config -Context staging -Name staging
/// Get-HaNode -Connection staging</code>
/// </example>
/// <example>
/// <para>The local twin: no account, no cluster, the same commands.</para>
/// <code>Start-HaTwin
/// Connect-HaCluster -Local</code>
/// </example>
[Cmdlet(VerbsCommunications.Connect, "HaCluster", DefaultParameterSetName = StackSet)]
[OutputType(typeof(ConnectionInfo))]
public sealed class ConnectHaClusterCommand : HaCmdlet
{
    private const string StackSet = "Stack";
    private const string KubeconfigSet = "Kubeconfig";
    private const string ContextSet = "Context";
    private const string LocalSet = "Local";

    /// <summary>Name of the Pulumi stack. Its outputs say which cluster it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = StackSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(StackCompleter))]
    [ValidateNotNullOrEmpty]
    public string Stack { get; set; } = null!;

    /// <summary>The folder with Pulumi.yaml. Default: the current one.</summary>
    [Parameter(ParameterSetName = StackSet)]
    [ValidateNotNullOrEmpty]
    public string? ProjectDirectory { get; set; }

    /// <summary>Path of a kubeconfig. Default with -Context: KUBECONFIG, or ~/.kube/config.</summary>
    [Parameter(ParameterSetName = KubeconfigSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? Kubeconfig { get; set; }

    /// <summary>Context of the kubeconfig. Default: its current one.</summary>
    [Parameter(ParameterSetName = KubeconfigSet)]
    [Parameter(ParameterSetName = ContextSet, Mandatory = true)]
    [ArgumentCompleter(typeof(ContextCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Context { get; set; }

    /// <summary>Connect to a local twin that Start-HaTwin started.</summary>
    [Parameter(ParameterSetName = LocalSet, Mandatory = true)]
    public SwitchParameter Local { get; set; }

    /// <summary>Name of the twin. Default: the only one that runs.</summary>
    [Parameter(ParameterSetName = LocalSet)]
    [Alias("TwinName")]
    [ArgumentCompleter(typeof(TwinCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Twin { get; set; }

    /// <summary>AWS region, where neither stack nor kubeconfig says it.</summary>
    [Parameter]
    [ValidatePattern(@"^[a-z]{2}(-[a-z]+)+-[0-9]+\z", Options = RegexOptions.None)]
    public string? Region { get; set; }

    /// <summary>Name of the connection, for -Connection of other cmdlets. Default: the name of the cluster.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Connect although the cluster has no tags, labels or outputs of HaCluster.</summary>
    [Parameter]
    public SwitchParameter AllowOtherCluster { get; set; }

    protected override async Task ProcessAsync()
    {
        ShowProgress("Connect-HaCluster", "asking Kubernetes and AWS");
        var request = ParameterSetName switch
        {
            StackSet => ConnectionRequest.ToStack(Stack, ProjectDirectory is null ? WorkingDirectory : GetUnresolvedProviderPathFromPSPath(ProjectDirectory)),
            LocalSet => ConnectionRequest.ToTwin(TwinName()),
            _ => ConnectionRequest.ToContext(Kubeconfig is null ? null : GetUnresolvedProviderPathFromPSPath(Kubeconfig), Context),
        };
        request = request with { Region = Region, AllowOtherClusters = AllowOtherCluster };
        var session = await Beside(token => ClusterEngine.Connector().ConnectAsync(request, token));
        WriteObject(ConnectionView.Of(OpenConnections.Add(Name ?? session.Info.Name, session, Local ? RunningTwins.Find(TwinName()) : null)));
    }

    private string TwinName() => Twin ?? RunningTwins.Only().Name;
}
